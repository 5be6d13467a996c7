"""Reading tickets one after the other, without a request for each."""

import asyncio
import time
from collections.abc import Sequence

from otac.components.ticket_system import ClaimingTicketSystem, Ticket

# What was read ahead and is older is read again: somebody may have moved the ticket.
_FRESH_SECONDS = 5.0
_AHEAD = 16


class TicketReader:
    """Reads a ticket and those that are likely to be wanted next."""

    def __init__(self, system: ClaimingTicketSystem, ticket_ids: Sequence[str]) -> None:
        self._system = system
        self._ticket_ids = ticket_ids
        self._places = {ticket_id: place for place, ticket_id in enumerate(ticket_ids)}
        self._tickets: dict[str, tuple[float, Ticket]] = {}
        self._taken: set[str] = set()
        self._together = True
        self._reading = asyncio.Lock()

    async def read(self, ticket_id: str) -> Ticket:
        """A ticket, as it was a few seconds ago at most; raises what `get` raises."""
        async with self._reading:
            self._taken.add(ticket_id)
            at, ticket = self._tickets.pop(ticket_id, (0.0, None))
            if ticket is None or time.monotonic() - at > _FRESH_SECONDS:
                ticket = await self._read_ahead(ticket_id)
        # One of those read together may be at fault, and it is not to spoil the others.
        return ticket or await self._system.get(ticket_id)

    async def _read_ahead(self, ticket_id: str) -> Ticket | None:
        begun = time.monotonic()
        if not self._together:
            return None
        try:
            tickets = await self._system.get_many(self._wanted(ticket_id))
        except Exception:  # noqa: BLE001  `get` says what is wrong, and with which ticket
            self._together = False
            return None
        self._tickets = {ticket.id: (begun, ticket) for ticket in tickets}
        return self._tickets.pop(ticket_id, (begun, None))[1]

    def _wanted(self, ticket_id: str) -> list[str]:
        start = self._places[ticket_id] + 1
        ahead = self._ticket_ids[start : start + _AHEAD - 1]
        return [ticket_id, *(one for one in ahead if one not in self._taken)]
