"""`SqliteTicketSystem`: the embedded ticket store."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from otac.components.claims import Claims, KeepsClaims
from otac.components.history import HistorySearch
from otac.components.inspection import Asked, Problem
from otac.components.sqlite import history, tickets
from otac.components.sqlite.claim_file import SqliteClaims
from otac.components.sqlite.database import BUSY_SECONDS, SqliteDatabase
from otac.components.sqlite.inspection import inspect
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


class SqliteTicketSystem(KeepsClaims):
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
        self._keep_in(SqliteDatabase(path, self.layout, busy_seconds))

    def _keep_in(self, database: SqliteDatabase) -> None:
        self._database = database
        self._claims = Claims(SqliteClaims(database), None)

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
