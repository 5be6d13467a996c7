"""Tickets that are new to whatever runner looks for some."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from otac.components.sqlite.names import Kind
from otac.components.sqlite.seed import Seed, SeedTicket
from otac.components.ticket_system import (
    Named,
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from otac.trial.helpdesk import Helpdesk
from otac.trial.plan import ServiceEntry

# No queue that anybody names by its id.
_UNPLACED = 10**12
_TABLES: dict[Kind, str] = {
    "queue": "queues",
    "priority": "priorities",
    "state": "states",
}


class TicketText(NamedTuple):
    """What a ticket says."""

    subject: str
    body: str


# Asks the ticket system that a function would make for its queues.
Queues: TypeAlias = Callable[[Callable[[], Any]], Awaitable[list[Queue]]]


class Presented(Helpdesk):
    """A helpdesk for one question: what would the runner do with these?

    The tickets, numbered from 1, lie in the queue, and have the state, that the run first
    looks for. Every queue, priority and state that a step names is there. `limit` is how
    many tickets the first search wanted, `claims` whether tickets were claimed.
    """

    def __init__(self, texts: Sequence[TicketText], queues: Queues) -> None:
        tickets = [SeedTicket(queue="new", subject=one, body=two) for one, two in texts]
        super().__init__(Seed(queues={"new": ""}, tickets=tickets))
        self.limit: int | None = None
        self.claims = False
        self._queues = queues
        self._build: Callable[[], Any] | None = None
        self._names: dict[str, str] = {}
        self._database.write(_number_apart)

    def stand_for(self, entry: ServiceEntry, build: Callable[[], Any]) -> "Presented":
        """This one; the first that it stands for is the real one."""
        self._build = self._build or build
        return self

    async def list_queues(self) -> list[Queue]:
        """Those of the real helpdesk."""
        assert self._build is not None
        found = await self._queues(self._build)
        self._names = {queue.id: queue.name for queue in found if queue.id is not None}
        return found

    async def find(self, search: TicketSearch) -> list[Ticket]:
        """The tickets, unless a step has moved them away."""
        self._place(search)
        return await super().find(search)

    async def find_ids(self, search: TicketSearch) -> list[str]:
        """The ids of the same."""
        self._place(search)
        return await super().find_ids(search)

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        """Takes one of the tickets that is neither finished nor leased."""
        self.claims = True
        return await super().claim(
            purpose, ticket_ids, owner=owner, lease_seconds=lease_seconds
        )

    async def create(self, ticket: NewTicket) -> Ticket:
        """A new ticket."""
        self._make(ticket.queue, ticket.priority, ticket.state)
        return await super().create(ticket)

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes, note and key, all or none."""
        self._make(changes.queue, changes.priority, changes.state)
        return await super().update(ticket_id, changes, note, key=key)

    def name_of(self, named: Named) -> str:
        """What people call a queue or priority that a step named."""
        if named.id is not None:
            return self._names.get(named.id, named.name or named.id)
        return named.name or ""

    def _place(self, search: TicketSearch) -> None:
        if self.limit is not None:
            return
        self.limit = search.limit
        self._make(search.queue, None, search.state)

        def place(connection: sqlite3.Connection) -> None:
            for kind, named in (("queue", search.queue), ("state", search.state)):
                if named is not None:
                    column = "id" if named.id is not None else "name"
                    connection.execute(
                        f"UPDATE tickets SET {kind}_id ="
                        f" (SELECT id FROM {kind}s WHERE {column} = ?)",
                        (named.id if named.id is not None else named.name,),
                    )

        self._database.write(place)

    def _make(
        self, queue: Named | None, priority: Named | None, state: Named | None
    ) -> None:
        """What the real helpdesk is taken to have."""
        named: tuple[tuple[Kind, Named | None], ...] = (
            ("queue", queue),
            ("priority", priority),
            ("state", state),
        )

        def make(connection: sqlite3.Connection) -> None:
            for kind, one in named:
                if one is not None:
                    _make(connection, kind, one)

        self._database.write(make)


def _number_apart(connection: sqlite3.Connection) -> None:
    """A step may name any queue by its id, and must not mean this one."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("UPDATE queues SET id = ?", (_UNPLACED,))
    connection.execute("UPDATE tickets SET queue_id = ?", (_UNPLACED,))


def _make(connection: sqlite3.Connection, kind: Kind, named: Named) -> None:
    columns = {"queue": ", description", "state": ", open"}.get(kind, "")
    values = {"queue": ", ''", "state": ", 1"}.get(kind, "")
    number = None
    name = named.name
    if named.id is not None:
        if not named.id.isdecimal():
            return
        number, name = int(named.id), f"id {named.id}"
    connection.execute(
        f"INSERT OR IGNORE INTO {_TABLES[kind]} (id, name{columns})"
        f" VALUES (?, ?{values})",
        (number, name),
    )
