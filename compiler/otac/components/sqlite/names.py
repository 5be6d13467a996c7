"""Queues, priorities and states by id or name."""

import sqlite3
from typing import Literal

from otac.components.outcome import Fail
from otac.components.refusal import near, printable
from otac.components.ticket_system import Named

Kind = Literal["queue", "priority", "state"]
_TABLES: dict[Kind, str] = {
    "queue": "queues",
    "priority": "priorities",
    "state": "states",
}


def find_id(connection: sqlite3.Connection, kind: Kind, named: Named) -> int:
    """The row's id; `Fail` with the nearest name if there is none."""
    if named.id is not None:
        column, wanted = "id", named.id
    elif named.name is not None:
        column, wanted = "name", named.name
    else:
        raise Fail(f"a {kind} needs an `id` or a `name`")
    row = connection.execute(
        f"SELECT id FROM {_TABLES[kind]} WHERE {column} = ?", (wanted,)
    ).fetchone()
    if row is None:
        raise Fail(f"there is no {kind} {_describe(connection, kind, column, wanted)}")
    return int(row[0])


def has_any(connection: sqlite3.Connection, kind: Kind) -> bool:
    """Whether there is at least one."""
    query = f"SELECT EXISTS (SELECT 1 FROM {_TABLES[kind]})"
    return bool(connection.execute(query).fetchone()[0])


def _describe(
    connection: sqlite3.Connection, kind: Kind, column: str, wanted: str
) -> str:
    known = [
        str(row[0])
        for row in connection.execute(
            f"SELECT {column} FROM {_TABLES[kind]} ORDER BY id"
        )
    ]
    which = "with the id " if column == "id" else ""
    return f"{which}`{printable(wanted)}`{near(wanted, known)}"
