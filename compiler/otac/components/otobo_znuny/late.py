"""Updates that were not answered, and that the helpdesk may still carry out.

A proxy holds a request, a row of the database is locked: the helpdesk does what it was asked
after nobody listens any more. It has no request that writes a note only once, so whoever
wants to write it again has to wait until the first one is there, or will not come.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from otac.components.outcome import Unavailable

_logger = logging.getLogger("otac.components")

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 5.0
# A run that ends waits no longer than this for what it only wants to tell.
_LAST_LOOK_SECONDS = 3.0


class LateUpdates:
    """The updates of one run that were sent and not answered, by ticket and key.

    `count` says how many notes with a key a ticket has. `seconds` after it was sent, an
    update is taken for lost.
    """

    def __init__(
        self, count: Callable[[str, str], Awaitable[int]], seconds: float
    ) -> None:
        self._count = count
        self._seconds = seconds
        self._sent: dict[tuple[str, str], float] = {}
        self._repeated: set[tuple[str, str]] = set()

    def sends(self, ticket_id: str, key: str) -> None:
        """It is about to be sent, once more if it was taken for lost."""
        if (ticket_id, key) in self._sent:
            self._repeated.add((ticket_id, key))
        self._sent[ticket_id, key] = monotonic()

    def answered(self, ticket_id: str, key: str) -> None:
        """The helpdesk is done with it."""
        self._sent.pop((ticket_id, key), None)

    def is_open(self, ticket_id: str, key: str) -> bool:
        """Whether it was sent and not answered, also by an attempt that was cut off."""
        return (ticket_id, key) in self._sent

    async def arrives(self, ticket_id: str, key: str) -> bool:
        """Whether its note is there, as soon as it is; false when its time is over."""
        end = self._sent[ticket_id, key] + self._seconds
        pause, told = _FIRST_PAUSE, False
        while True:
            is_last = monotonic() >= end
            # What does not answer now may do so in a moment.
            with suppress(Unavailable):
                if await self._count(ticket_id, key):
                    self.answered(ticket_id, key)
                    return True
                if is_last:
                    return False
            if is_last:
                raise Unavailable(
                    f"nobody knows whether the note is in ticket `{ticket_id}`: the"
                    " helpdesk does not answer"
                )
            if not told:
                _logger.warning(
                    "ticket %s: an update was not answered, and may still be carried"
                    " out: its note is waited for, for up to %.0f s",
                    *(ticket_id, end - monotonic()),
                )
                told = True
            await asyncio.sleep(min(pause, max(end - monotonic(), 0.0)))
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def tell(self) -> None:
        """Warns of notes that are there twice after all. Raises nothing."""
        repeated, self._repeated = self._repeated, set()
        with suppress(Exception):
            async with asyncio.timeout(_LAST_LOOK_SECONDS):
                for ticket_id, key in repeated:
                    times = await self._count(ticket_id, key)
                    if times > 1:
                        _logger.warning(
                            "ticket %s has the note `%s` %d times: the helpdesk carried"
                            " out an update more than %.0f s after it was sent"
                            " (`late_seconds`)",
                            *(ticket_id, key, times, self._seconds),
                        )
