"""`SqliteTicketSystem`: the embedded ticket store."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from otac.components.history import HistorySearch
from otac.components.inspection import Asked, Problem
from otac.components.setbacks import Setback
from otac.components.sqlite import claims, history, setback_table, tickets
from otac.components.sqlite.database import BUSY_SECONDS, SqliteDatabase
from otac.components.sqlite.inspection import inspect
from otac.components.sqlite.names import ticket_number
from otac.components.sqlite.schema import store_layout
from otac.components.ticket_system import (
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class SqliteTicketSystem:
    """Tickets in a SQLite file that any number of runs and workers may share.

    The file is created when it is first used, with what the seed holds.
    """

    def __init__(
        self,
        path: Annotated[
            str, Field(description="The file, relative to the project folder")
        ],
        seed: Annotated[
            str | None,
            Field(
                description="YAML or CSV file with the first queues and tickets;"
                " without it, a file named like the store, if there is one"
                " (`helpdesk.yml` beside `helpdesk.db`)"
            ),
        ] = None,
        busy_seconds: Annotated[
            float,
            Field(gt=0, description="How long to wait while another process writes"),
        ] = BUSY_SECONDS,
    ) -> None:
        self.layout = store_layout(path, seed)
        self._path = path
        self._busy_seconds = busy_seconds
        self._database = SqliteDatabase(path, self.layout, busy_seconds)

    def exists(self) -> bool:
        """Whether there is a file already."""
        return Path(self._path).exists()

    async def find(self, search: TicketSearch) -> list[Ticket]:
        """The tickets that match, oldest first; `Fail` for a queue it does not have."""
        return await self._read(lambda connection: tickets.find(connection, search))

    async def find_ids(self, search: TicketSearch) -> list[str]:
        """The ids of all tickets that match, oldest first."""
        return await self._read(lambda connection: tickets.find_ids(connection, search))

    async def get(self, ticket_id: str) -> Ticket:
        """One ticket with its notes, and the keys it was updated with."""
        return await self._read(lambda connection: tickets.get(connection, ticket_id))

    async def get_many(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """The same for several; those that are gone are left out."""
        return await self._read(lambda c: tickets.get_many(c, ticket_ids))

    async def create(self, ticket: NewTicket) -> Ticket:
        """A new ticket. A queue that is not there yet is made as well."""
        return await self._write(lambda connection: tickets.create(connection, ticket))

    async def update(
        self,
        ticket_id: str,
        changes: TicketChanges,
        note: Note | None = None,
        *,
        key: str | None = None,
    ) -> bool:
        """Changes, note and key in one transaction."""
        return await self._write(
            lambda connection: tickets.update(connection, ticket_id, changes, note, key)
        )

    async def history_ids(self, search: HistorySearch) -> list[str]:
        """The ids of the tickets of the past that match, newest first."""
        return await self._read(lambda c: history.find_ids(c, search))

    async def history(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        """Tickets with the subject and the text they came with."""
        return await self._read(lambda c: history.read(c, ticket_ids))

    async def list_queues(self) -> list[Queue]:
        """Every queue, in the order of the seed."""
        return await self._read(tickets.queues)

    async def claim(
        self,
        purpose: str,
        ticket_ids: Sequence[str],
        *,
        owner: str,
        lease_seconds: float,
    ) -> str | None:
        """Takes one of the tickets that is neither finished nor leased."""
        numbers = [ticket_number(ticket_id) for ticket_id in ticket_ids]
        # Only looks at first: polling an idle queue must not lock the file for writing.
        if not await self._read(lambda c: claims.free(c, purpose, numbers)):
            return None
        return await self._write(
            lambda c: claims.claim(c, purpose, numbers, owner, lease_seconds)
        )

    async def finish(self, purpose: str, ticket_id: str, *, owner: str) -> None:
        """Never hands out this ticket for this purpose again."""
        number = ticket_number(ticket_id)
        await self._write(lambda c: claims.finish(c, purpose, number, owner))

    async def release(self, purpose: str, *, owner: str) -> None:
        """Gives back every unfinished ticket of this owner."""
        await self._write(lambda c: claims.release(c, purpose, owner))

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        """The tickets that failed, and until when each is left out."""
        return await self._read(lambda c: setback_table.read(c, purpose))

    async def set_back(
        self, purpose: str, ticket_id: str, *, run: str, after: int
    ) -> Setback:
        """A run failed for a ticket; from the `after`-th in a row on it is left out."""
        return await self._write(
            lambda c: setback_table.add(
                c, purpose, ticket_number(ticket_id), run, after
            )
        )

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        """A run did not fail for these."""
        await self._write(
            lambda c: setback_table.remove(
                c, purpose, [ticket_number(one) for one in ticket_ids]
            )
        )

    async def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """Whether the file can be used, and has what is named; makes and changes nothing."""
        found = await asyncio.to_thread(
            lambda: list(inspect(self._path, self.layout, self._busy_seconds, asked))
        )
        for problem in found:
            yield problem

    async def aclose(self) -> None:
        """Lets go of the file until it is used again."""
        await asyncio.to_thread(self._database.close)

    async def _read(self, work: Work[T]) -> T:
        return await asyncio.to_thread(self._database.read, work)

    async def _write(self, work: Work[T]) -> T:
        return await asyncio.to_thread(self._database.write, work)
