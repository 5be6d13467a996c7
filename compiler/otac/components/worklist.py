"""Working through tickets so that each is dealt with once, and one bad one stops nobody."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from otac.components.outcome import Fail, Stop
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    Ticket,
    TicketSearch,
    TicketSystem,
)
from otac.components.work import work_begins

logger = logging.getLogger("otac.components")

# Longer than one ticket takes, and soon enough after a worker was killed.
LEASE_SECONDS = 300.0
_PAGE = 100


@dataclass(slots=True)
class Worked:
    """How many tickets were worked on, and what went wrong with which."""

    tickets: int = 0
    failures: dict[str, Exception] = field(default_factory=dict)

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
    """`Fail` says why in words meant for people; any other text may quote the ticket."""
    return str(error) if isinstance(error, Fail) else type(error).__name__


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
    work: Callable[[Ticket], Awaitable[bool]],
) -> Worked:
    """Does the work for up to `limit` tickets that no run did or does for this purpose.

    Each is read again once it is claimed; work that returns False leaves it for later.
    Whatever is unfinished is free again afterwards, also if this is cancelled.
    """
    owner = uuid.uuid4().hex
    worked = Worked()
    try:
        for _ in range(min(limit, len(ticket_ids))):
            # One at a time, so that the lease has to last for one ticket only.
            ticket_id = await system.claim(
                purpose, ticket_ids, owner=owner, lease_seconds=LEASE_SECONDS
            )
            if ticket_id is None:
                break
            work_begins()
            worked.tickets += 1
            try:
                if await work(await system.get(ticket_id)):
                    await system.finish(purpose, ticket_id, owner=owner)
            except Stop:
                raise
            except Exception as error:  # noqa: BLE001  kept, and raised at the end
                # Its text may quote the ticket, so it is not logged.
                logger.warning("ticket %s: %s", ticket_id, type(error).__name__)
                worked.failures[ticket_id] = error
    finally:
        await system.release(purpose, owner=owner)
    return worked
