"""Real ticket systems, of which everything is read and nothing is written.

What a step would do is kept, and later steps of the run see it: a ticket that was moved is
found in its new queue no more and no less than the real one would be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from otac.components.clock import present
from otac.components.setbacks import RemembersSetbacks, Setback
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    Named,
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
    TicketSystem,
)
from otac.components.vocabulary import DEFAULT_STATE
from otac.local.ticket_change import TicketChange, of_new
from otac.trial.helpdesk import Helpdesk
from otac.trial.plan import ServiceEntry


class RealDesks:
    """The ticket systems of a configuration, each built when first asked for."""

    def __init__(self) -> None:
        self.changes: list[TicketChange] = []
        self._real: dict[str, TicketSystem] = {}
        self._rehearsed: dict[str, TicketSystem] = {}

    def stand_for(self, entry: ServiceEntry, build: Callable[[], Any]) -> TicketSystem:
        """The ticket system itself, without the part that writes."""
        if entry.id not in self._rehearsed:
            # A store that is not there yet must not come into being.
            real = self._real[entry.id] = Helpdesk.in_place_of(build())
            self._rehearsed[entry.id] = rehearsed(real, self.changes)
        return self._rehearsed[entry.id]

    async def tickets(self) -> list[Ticket]:
        """None: they are not the trial's."""
        return []

    async def aclose(self) -> None:
        """Closes the real ones."""
        for real in self._real.values():
            if (close := getattr(real, "aclose", None)) is not None:
                await close()


def rehearsed(real: TicketSystem, changes: list[TicketChange]) -> TicketSystem:
    """The ticket system for a run that changes nothing; `changes` gets what it would do."""
    if isinstance(real, ClaimingTicketSystem):
        if isinstance(real, RemembersSetbacks):
            return _Remembering(real, changes)
        return _Claiming(real, changes)
    return _Rehearsal(real, changes)


@dataclass(slots=True)
class _Later:
    """What a ticket would have become."""

    changes: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def of(self, ticket: Ticket) -> Ticket:
        return ticket.model_copy(
            update={
                **self.changes,
                "notes": (*ticket.notes, *self.notes),
                "applied": ticket.applied | self.keys,
            }
        )


class _Rehearsal:
    """Any ticket system."""

    def __init__(self, real: Any, changes: list[TicketChange]) -> None:
        self._real = real
        self._changes = changes
        self._later: dict[str, _Later] = {}
        self._new: dict[str, Ticket] = {}

    async def find(self, search: TicketSearch) -> list[Ticket]:
        """The real ones, but for those that this run would have moved away."""
        found = [self._now(one) for one in await self._real.find(search)]
        return [one for one in found if self._still(one, search)]

    async def get(self, ticket_id: str) -> Ticket:
        """The ticket as it would be."""
        if ticket_id in self._new:
            return self._now(self._new[ticket_id])
        return self._now(await self._real.get(ticket_id))

    async def create(self, ticket: NewTicket) -> Ticket:
        """A ticket that only this run knows."""
        made = Ticket(
            id=f"new {len(self._new) + 1}",
            subject=ticket.subject,
            body=ticket.body,
            queue=ticket.queue,
            priority=ticket.priority or Named(),
            state=ticket.state or Named(name=DEFAULT_STATE),
            customer=ticket.customer,
            created=present(),
        )
        self._new[made.id] = made
        self._changes.append(of_new(made.id, ticket))
        return made

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Keeps what would be done. False: it has been done, really or in this run."""
        before = await self.get(ticket_id)
        # A ticket system may keep a key in one line.
        if key is not None and not before.applied.isdisjoint(
            (key, " ".join(key.split()))
        ):
            return False
        later = self._later.setdefault(ticket_id, _Later())
        named = {name: getattr(changes, name) for name in type(changes).model_fields}
        later.changes |= {name: one for name, one in named.items() if one is not None}
        later.notes += [note] if note is not None else []
        later.keys |= {key} if key is not None else set()
        self._changes.append(TicketChange(ticket_id, before, changes, note))
        return True

    async def list_queues(self) -> list[Queue]:
        """The real ones."""
        queues: list[Queue] = await self._real.list_queues()
        return queues

    def _now(self, ticket: Ticket) -> Ticket:
        later = self._later.get(ticket.id)
        return ticket if later is None else later.of(ticket)

    def _still(self, ticket: Ticket, search: TicketSearch) -> bool:
        """Whether what the run did to a ticket leaves it among those that are looked for."""
        later = self._later.get(ticket.id)
        if later is None:
            return True
        wanted = (("queue", search.queue), ("state", search.state))
        return all(
            named is None
            or name not in later.changes
            or _same(later.changes[name], named)
            for name, named in wanted
        )


class _Claiming(_Rehearsal):
    """One that says who works on which ticket. Nobody is told that this run does."""

    def __init__(self, real: Any, changes: list[TicketChange]) -> None:
        super().__init__(real, changes)
        self._claimed: set[tuple[str, str]] = set()

    async def find_ids(self, search: TicketSearch) -> list[str]:
        """The ids of all that match, whatever the limit."""
        found: list[str] = await self._real.find_ids(search)
        if not any(one in self._later for one in found):
            return found
        touched = await self.get_many([one for one in found if one in self._later])
        gone = {one.id for one in touched if not self._still(one, search)}
        return [one for one in found if one not in gone]

    async def get_many(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """Several tickets, as `get` gives them; those that are gone are left out."""
        known = [self._new[one] for one in ticket_ids if one in self._new]
        others = [one for one in ticket_ids if one not in self._new]
        found = await self._real.get_many(others) if others else []
        return [self._now(one) for one in (*found, *known)]

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        """The next one that this run has not had."""
        for one in ticket_ids:
            if (purpose, one) not in self._claimed:
                self._claimed.add((purpose, one))
                return one
        return None

    async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
        """This run never hands out a ticket twice."""

    async def release(self, purpose: str, *, owner: str) -> None:
        """Nothing is held."""


class _Remembering(_Claiming):
    """One that remembers which tickets failed."""

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        """Those with a setback, by ticket."""
        known: Mapping[str, Setback] = await self._real.setbacks(purpose)
        return known

    async def set_back(
        self, purpose: str, ticket_id: str, *, run: str, after: int
    ) -> Setback:
        """Not kept: a run that changes nothing holds no ticket up."""
        return Setback(1, 0.0)

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        """Not kept either."""


def _same(one: Named, other: Named) -> bool:
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return one.name == other.name
