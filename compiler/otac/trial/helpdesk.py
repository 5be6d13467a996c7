"""A helpdesk that is gone after the trial.

It is the embedded ticket store on a database in memory, so that what searches, claims,
leases and keys mean is known in one place.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from otac.components.sqlite.database import BUSY_SECONDS, SqliteDatabase
from otac.components.sqlite.layout import DatabaseLayout
from otac.components.sqlite.schema import seeded_layout
from otac.components.sqlite.seed import Seed
from otac.components.sqlite.ticket_system import SqliteTicketSystem
from otac.components.ticket_system import NewTicket, Note, Ticket, TicketChanges
from otac.local.ticket_change import TicketChange, of_new
from otac.trial.plan import ServiceEntry

T = TypeVar("T")
_MEMORY = ":memory:"


class Helpdesk(SqliteTicketSystem):
    """Queues and tickets of a seed; `changes` are what was done to them."""

    def __init__(self, seed: Seed) -> None:
        self._open(seeded_layout(seed))

    @classmethod
    def in_place_of(cls, real: Any) -> Any:
        """A store that is not there yet, as it would be made; any other one itself.

        Whoever only wants to read must not make its file.
        """
        if type(real) is not SqliteTicketSystem or real.exists():
            return real
        made = object.__new__(cls)
        made._open(real.layout)
        return made

    def _open(self, layout: DatabaseLayout) -> None:
        self._keep_in(SqliteDatabase(_MEMORY, layout, BUSY_SECONDS))
        self.changes: list[TicketChange] = []

    def stand_for(self, entry: ServiceEntry, build: Callable[[], Any]) -> "Helpdesk":
        """This one, whatever the ticket system is."""
        return self

    async def create(self, ticket: NewTicket) -> Ticket:
        """A new ticket. A queue that is not there yet is made as well."""
        made = await super().create(ticket)
        self.changes.append(of_new(made.id, ticket))
        return made

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes, note and key, all or none."""
        before = await self.get(ticket_id)
        done = await super().update(ticket_id, changes, note, key=key)
        if done:
            self.changes.append(TicketChange(before.id, before, changes, note))
        return done

    async def tickets(self) -> list[Ticket]:
        """All of them, closed ones too, by id."""

        def ids(connection: sqlite3.Connection) -> list[str]:
            query = "SELECT id FROM tickets ORDER BY id"
            return [str(row[0]) for row in connection.execute(query)]

        return await self.get_many(await self._read(ids))

    async def aclose(self) -> None:
        """Stays open: the tickets would be gone."""

    def close(self) -> None:
        """Forgets everything."""
        self._database.close()

    # Nothing here waits for a disk or for another process, so no thread has to.
    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._database.read(work)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._database.write(work)
