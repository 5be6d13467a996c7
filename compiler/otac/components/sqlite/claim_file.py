"""Claims in SQLite: beside the embedded store's tickets, or in a file of their own."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from otac.components.claims.rules import ClaimDialect, ClaimRule
from otac.components.claims.store import Claims
from otac.components.clock import present
from otac.components.outcome import Fail
from otac.components.sqlite.database import BUSY_SECONDS, SqliteDatabase
from otac.components.sqlite.layout import DatabaseLayout

T = TypeVar("T")

_DIALECT = ClaimDialect(
    schema="", now="otac_now()", wanted="json_each(?1)", returning_owner=""
)

_CLAIMS = """
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
_SETBACKS = """
CREATE TABLE IF NOT EXISTS setbacks (
    purpose TEXT NOT NULL,
    ticket_id INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    last_run TEXT NOT NULL,
    left_out_until REAL NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
) WITHOUT ROWID
"""


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(_CLAIMS)


# "otcl" in ASCII.
_LAYOUT = DatabaseLayout("claims file", 0x6F74636C, 1, lambda: _create)


class SqliteClaims:
    """Claims in a database that has the table for them."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def read(self, make: Callable[[], ClaimRule[T]]) -> T:
        """Without a lock that keeps others from writing."""
        return await asyncio.to_thread(self._database.read, lambda c: _play(c, make()))

    async def write(self, make: Callable[[], ClaimRule[T]]) -> T:
        """All or nothing."""
        return await asyncio.to_thread(self._database.write, lambda c: _play(c, make()))

    async def close(self) -> None:
        """Lets go of the file until it is used again; what was in memory is gone."""
        await asyncio.to_thread(self._database.close)


class _ClaimFile(SqliteClaims):
    """In a file of their own; `path` None is kept in memory."""

    def __init__(self, path: str | None) -> None:
        super().__init__(SqliteDatabase(path or ":memory:", _LAYOUT, BUSY_SECONDS))
        self._path = path

    async def read(self, make: Callable[[], ClaimRule[T]]) -> T:
        if self._path is None or Path(self._path).exists():
            return await super().read(make)
        # Whoever only looks leaves nothing behind: no file is an empty one.
        with closing(sqlite3.connect(":memory:")) as connection:
            _create(connection)
            return _play(connection, make())

    async def write(self, make: Callable[[], ClaimRule[T]]) -> T:
        self._make_folder()
        return await super().write(make)

    def _make_folder(self) -> None:
        if self._path is None:
            return
        try:
            Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Fail(
                f"the claims file `{self._path}` cannot be made: {error.strerror}"
            ) from None


def claim_file(path: str | None, system: str) -> Claims:
    """The claims of a ticket system in a file that others may share."""
    return Claims(_ClaimFile(path), system)


def _play(connection: sqlite3.Connection, rule: ClaimRule[T]) -> T:
    connection.create_function("otac_now", 0, lambda: present().timestamp())
    rows: Sequence[Sequence[Any]] = ()
    try:
        statement, values = next(rule)
        while True:
            rows = _execute(
                connection, statement.format_map(_DIALECT._asdict()), values
            )
            statement, values = rule.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result


def _execute(
    connection: sqlite3.Connection, statement: str, values: tuple[object, ...]
) -> Sequence[Sequence[Any]]:
    try:
        return connection.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        # The table comes with the first setback: an older file has none.
        if "no such table: setbacks" not in str(error):
            raise
    if not statement.lstrip().startswith("INSERT"):
        return ()
    connection.execute(_SETBACKS)
    return connection.execute(statement, values).fetchall()
