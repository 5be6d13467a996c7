"""The claims of one ticket system, whichever database they are in."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from otac.components.claims import rules
from otac.components.outcome import Unavailable
from otac.components.setbacks import Setback
from otac.components.ticket_system import ticket_number

T = TypeVar("T")

_logger = logging.getLogger("otac.components")


class ClaimDatabase(Protocol):
    """Carries rules out. A rule is made anew for each attempt."""

    async def read(self, make: Callable[[], rules.ClaimRule[T]]) -> T:
        """One that changes nothing."""
        ...

    async def write(self, make: Callable[[], rules.ClaimRule[T]]) -> T:
        """Any rule."""
        ...

    async def close(self) -> None:
        """Lets go of the database until it is used again."""
        ...


def _elapsed() -> float:
    """Seconds that also pass while the machine sleeps, where it can tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Claims:
    """As `ClaimingTicketSystem` and `RemembersSetbacks`.

    `system` tells ticket systems apart that share a database; none has it for itself.
    """

    def __init__(self, database: ClaimDatabase, system: str | None) -> None:
        self._database = database
        self._prefix = "" if system is None else f"{system} "
        # The owner of each claim that is held, and when it runs out, by ticket.
        self._held: dict[str, tuple[str, float]] = {}

    def has_run_out(self, ticket_id: str) -> bool:
        """Whether a claim made here took too long, so that others may work on it now."""
        _, end = self._held.get(ticket_id, ("", math.inf))
        return _elapsed() >= end

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        name = self._prefix + purpose
        numbers = [ticket_number(ticket_id) for ticket_id in ticket_ids]
        # It runs from before the database was asked, to be on the safe side.
        end = _elapsed() + lease_seconds
        # Only looks at first: polling an idle queue must not lock a file for writing.
        first = await self._database.read(lambda: rules.free(name, numbers))
        if first is None:
            return None
        ticket = await self._database.write(
            lambda: rules.claim(name, numbers, owner, lease_seconds, first)
        )
        if ticket is None:
            return None
        self._held[str(ticket)] = owner, end
        return str(ticket)

    async def renew(
        self, purpose: str, ticket_id: str, *, owner: str, lease_seconds: float
    ) -> bool:
        name, number = self._prefix + purpose, ticket_number(ticket_id)
        end = _elapsed() + lease_seconds
        renewed = await self._database.write(
            lambda: rules.renew(name, number, owner, lease_seconds)
        )
        if renewed and ticket_id in self._held:
            self._held[ticket_id] = owner, end
        return renewed

    async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
        name, number = self._prefix + purpose, ticket_number(ticket_id)
        await self._database.write(lambda: rules.finish(name, number, owner))
        self._held.pop(ticket_id, None)

    async def release(self, purpose: str, *, owner: str) -> None:
        name = self._prefix + purpose
        self._held = {t: held for t, held in self._held.items() if held[0] != owner}
        try:
            await self._database.write(lambda: rules.release(name, owner))
        except Unavailable as error:
            # Nothing is lost, and what the run has come to stands.
            _logger.warning("claims end by themselves, and not at once: %s", error)

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        name = self._prefix + purpose
        return await self._database.read(lambda: rules.setbacks(name))

    async def set_back(
        self, purpose: str, ticket_id: str, *, run: str, after: int
    ) -> Setback:
        name, number = self._prefix + purpose, ticket_number(ticket_id)
        return await self._database.write(
            lambda: rules.set_back(name, number, run, after)
        )

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        name = self._prefix + purpose
        numbers = [ticket_number(one) for one in ticket_ids]
        await self._database.write(lambda: rules.recovered(name, numbers))

    async def close(self) -> None:
        await self._database.close()


class KeepsClaims:
    """A ticket system with its claims in `_claims`."""

    _claims: Claims

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        """Takes one of the tickets that is neither finished nor leased."""
        return await self._claims.claim(
            purpose, ticket_ids, owner=owner, lease_seconds=lease_seconds
        )

    async def renew(
        self, purpose: str, ticket_id: str, *, owner: str, lease_seconds: float
    ) -> bool:
        """Lets a lease begin anew that has not ended; false for one that has."""
        return await self._claims.renew(
            purpose, ticket_id, owner=owner, lease_seconds=lease_seconds
        )

    async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
        """Never hands out this ticket for this purpose again."""
        await self._claims.finish(purpose, ticket_id, owner=owner)

    async def release(self, purpose: str, *, owner: str) -> None:
        """Gives back every unfinished ticket of this owner."""
        await self._claims.release(purpose, owner=owner)

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        """The tickets that failed, and for how long each is left out."""
        return await self._claims.setbacks(purpose)

    async def set_back(
        self, purpose: str, ticket_id: str, *, run: str, after: int
    ) -> Setback:
        """A run failed for a ticket; from the `after`-th in a row on it is left out."""
        return await self._claims.set_back(purpose, ticket_id, run=run, after=after)

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        """A run did not fail for these."""
        await self._claims.recovered(purpose, ticket_ids)
