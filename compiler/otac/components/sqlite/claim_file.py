"""Claims in a file of their own, for ticket systems that cannot hold any."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from otac.components.outcome import Fail
from otac.components.setbacks import Setback
from otac.components.sqlite import claims, setback_table
from otac.components.sqlite.database import BUSY_SECONDS, SqliteDatabase
from otac.components.sqlite.layout import DatabaseLayout
from otac.components.sqlite.names import ticket_number

T = TypeVar("T")

_TABLE = """
CREATE TABLE claims (
    purpose TEXT NOT NULL,
    ticket_id INTEGER NOT NULL,
    owner TEXT NOT NULL,
    leased_until REAL NOT NULL,
    attempts INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
) WITHOUT ROWID
"""


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(_TABLE)


# "otcl" in ASCII.
_LAYOUT = DatabaseLayout("claims file", 0x6F74636C, 1, lambda: _create)


class ClaimFile:
    """Who works on which ticket of one ticket system; `path` None is kept in memory."""

    def __init__(self, path: str | None, system: str) -> None:
        self._path = path
        # Other ticket systems may share the file.
        self._system = system
        self._database = SqliteDatabase(path or ":memory:", _LAYOUT, BUSY_SECONDS)

    async def claim(
        self, purpose: str, ticket_ids: Sequence[str], owner: str, lease_seconds: float
    ) -> str | None:
        """As `ClaimingTicketSystem.claim`."""
        name = self._name(purpose)
        numbers = [ticket_number(ticket_id) for ticket_id in ticket_ids]
        self._make_folder()
        # Only looks at first: polling an idle queue must not lock the file for writing.
        if not await self._run(self._database.read, claims.free, name, numbers):
            return None
        return await self._run(
            self._database.write, claims.claim, name, numbers, owner, lease_seconds
        )

    async def finish(self, purpose: str, ticket_id: str, owner: str) -> None:
        """As `ClaimingTicketSystem.finish`."""
        name, number = self._name(purpose), ticket_number(ticket_id)
        await self._run(self._database.write, claims.finish, name, number, owner)

    async def release(self, purpose: str, owner: str) -> None:
        """As `ClaimingTicketSystem.release`."""
        name = self._name(purpose)
        await self._run(self._database.write, claims.release, name, owner)

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        """As `RemembersSetbacks.setbacks`; makes no file where there is none."""
        if self._path is not None and not Path(self._path).exists():
            return {}
        name = self._name(purpose)
        return await self._run(self._database.read, setback_table.read, name)

    async def set_back(
        self, purpose: str, ticket_id: str, run: str, after: int
    ) -> Setback:
        """As `RemembersSetbacks.set_back`."""
        self._make_folder()
        name, number = self._name(purpose), ticket_number(ticket_id)
        return await self._run(
            self._database.write, setback_table.add, name, number, run, after
        )

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        """As `RemembersSetbacks.recovered`."""
        name = self._name(purpose)
        numbers = [ticket_number(one) for one in ticket_ids]
        await self._run(self._database.write, setback_table.remove, name, numbers)

    async def close(self) -> None:
        """Lets go of the file until it is used again; what was in memory is gone."""
        await asyncio.to_thread(self._database.close)

    def _name(self, purpose: str) -> str:
        return f"{self._system} {purpose}"

    def _make_folder(self) -> None:
        if self._path is None:
            return
        try:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Fail(
                f"the claims file `{self._path}` cannot be made: {error.strerror}"
            ) from None

    async def _run(
        self,
        transaction: Callable[[Callable[[sqlite3.Connection], T]], T],
        work: Callable[..., T],
        *arguments: object,
    ) -> T:
        return await asyncio.to_thread(
            transaction, lambda connection: work(connection, *arguments)
        )
