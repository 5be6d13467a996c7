"""Working through tickets so that each is dealt with once, and one bad one stops nobody."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from otac.components.outcome import Fail, Stop, Unavailable
from otac.components.ticket_reader import TicketReader
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    RenewsClaims,
    Ticket,
    TicketSearch,
    TicketSystem,
)
from otac.components.work import work_begins

logger = logging.getLogger("otac.components")

# Soon enough after a worker was killed, and longer than an update that it sent last may
# take to arrive. Where one ticket takes longer, its lease is renewed.
LEASE_SECONDS = 300.0
_RENEWALS = 3
# After as many tickets in a row whose ticket system was unavailable, no more are tried.
_PATIENCE = 3
_PAGE = 100

T = TypeVar("T")


@dataclass(slots=True)
class Worked(Generic[T]):
    """What was made of which ticket, and what went wrong, in the order of the claims."""

    done: dict[str, T] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    tickets: int = 0

    def raise_failures(self) -> None:
        """Fails the step if a ticket failed; finally, if trying again would not help."""
        if not self.failures:
            return
        errors = list(self.failures.values())
        tickets = ", ".join(f"`{ticket_id}`" for ticket_id in self.failures)
        reasons = "; ".join(dict.fromkeys(_reason(error) for error in errors))
        count = f"{len(errors)} of {self.tickets} tickets failed"
        group = ExceptionGroup(f"{count}: {tickets} ({reasons})", errors)
        if all(isinstance(error, Fail) for error in errors):
            raise Fail(group.message) from group
        raise group


def _reason(error: Exception) -> str:
    """These say why in words meant for people; any other text may quote the ticket."""
    if isinstance(error, Fail | Unavailable):
        return str(error)
    return type(error).__name__


async def find_all(system: TicketSystem, search: TicketSearch) -> list[Ticket]:
    """Every ticket that matches, without the search's limit."""
    found: list[Ticket] = []
    while True:
        page = search.model_copy(update={"limit": _PAGE, "offset": len(found)})
        tickets = await system.find(page)
        found += tickets
        if len(tickets) < _PAGE:
            return found


async def work_through(
    system: ClaimingTicketSystem,
    purpose: str,
    ticket_ids: Sequence[str],
    limit: int,
    work: Callable[[Ticket], Awaitable[T | None]],
    at_once: int = 1,
) -> Worked[T]:
    """Does the work for up to `limit` tickets that no run did or does for this purpose.

    Each was read a few seconds ago at most; work that returns None leaves it for later.
    Whatever is unfinished is free again afterwards, also if this is cancelled.
    """
    if not ticket_ids:
        return Worked()
    shift = _Shift(system, purpose, ticket_ids, min(limit, len(ticket_ids)), work)
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(at_once, limit, len(ticket_ids))):
                workers.create_task(shift.work())
    finally:
        # Where nothing was claimed, nothing is written: a queue may be polled often.
        if shift.may_hold:
            await system.release(purpose, owner=shift.owner)
    return shift.result()


class _Shift(Generic[T]):
    """Workers that take one ticket after the other.

    None raises: what ends all of them waits until the others have finished their ticket.
    """

    def __init__(
        self,
        system: ClaimingTicketSystem,
        purpose: str,
        ticket_ids: Sequence[str],
        limit: int,
        work: Callable[[Ticket], Awaitable[T | None]],
    ) -> None:
        self.owner = uuid.uuid4().hex
        # Also while a claim is on its way: if that is cancelled, it may have been made.
        self.may_hold = False
        self._system = system
        self._purpose = purpose
        self._ticket_ids = ticket_ids
        self._left = limit
        self._work = work
        self._claiming = asyncio.Lock()
        self._reader = TicketReader(system, ticket_ids)
        self._has_claimed = False
        self._claimed: list[str] = []
        self._done: dict[str, T] = {}
        self._failures: dict[str, Exception] = {}
        self._unavailable = 0
        self._end: Exception | None = None

    async def work(self) -> None:
        """Until nothing is left, or something ends the shift."""
        while (ticket_id := await self._claim()) is not None:
            try:
                await self._handle(ticket_id)
            except Stop as stop:
                self._end = self._end or stop
            except Exception as error:  # noqa: BLE001  kept, and raised at the end
                # Its text may quote the ticket, so it is not logged.
                logger.warning("ticket %s: %s", ticket_id, type(error).__name__)
                self._failures[ticket_id] = error
                self._unavailable += isinstance(error, Unavailable)
            else:
                self._unavailable = 0

    def result(self) -> Worked[T]:
        """Raises what ended the shift early."""
        if self._end is not None:
            raise self._end
        return Worked(
            {key: self._done[key] for key in self._claimed if key in self._done},
            {
                key: self._failures[key]
                for key in self._claimed
                if key in self._failures
            },
            len(self._claimed),
        )

    async def _claim(self) -> str | None:
        # One ticket at a time, so that the lease has to last for one only; one claim at a
        # time, so that they come in order.
        async with self._claiming:
            if self._left == 0 or self._end or self._unavailable >= _PATIENCE:
                return None
            self.may_hold = True
            try:
                ticket_id = await self._system.claim(
                    self._purpose,
                    self._ticket_ids,
                    owner=self.owner,
                    lease_seconds=LEASE_SECONDS,
                )
            except Exception as error:  # noqa: BLE001  raised at the end
                self._end = self._end or error
                return None
            if ticket_id is None:
                self.may_hold = self._has_claimed
                return None
            work_begins()
            self._has_claimed = True
            self._claimed.append(ticket_id)
            self._left -= 1
            return ticket_id

    @asynccontextmanager
    async def _renewed(self, ticket_id: str) -> AsyncIterator[None]:
        """Keeps the lease from ending, where the ticket system knows how."""
        system = self._system
        if not isinstance(system, RenewsClaims):
            yield
            return

        async def renew() -> None:
            while True:
                await asyncio.sleep(LEASE_SECONDS / _RENEWALS)
                # The next one may get through; who writes looks whether it has run out.
                with suppress(Exception):
                    await system.renew(
                        self._purpose,
                        ticket_id,
                        owner=self.owner,
                        lease_seconds=LEASE_SECONDS,
                    )

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _handle(self, ticket_id: str) -> None:
        ticket = await self._reader.read(ticket_id)
        if self._purpose in ticket.applied:
            # Done by another machine, or before a crash: it takes nobody's place.
            self._claimed.remove(ticket_id)
            self._left += 1
        else:
            async with self._renewed(ticket_id):
                made = await self._work(ticket)
            if made is None:
                return
            self._done[ticket_id] = made
        await self._system.finish(self._purpose, ticket_id, owner=self.owner)
