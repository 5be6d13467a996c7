"""What a store has, read without making or changing its file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from otac.components.inspection import Asked, Problem, missing
from otac.components.outcome import Fail
from otac.components.sqlite.layout import DatabaseLayout

_TABLES = {"queue": "queues", "priority": "priorities", "state": "states"}


def inspect(
    path: str, layout: DatabaseLayout, busy_seconds: float, asked: Asked
) -> Iterator[Problem]:
    """Names that are not there; of a store that is not made yet, those of its seed."""
    file = Path(path)
    if file.exists():
        if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
            yield Problem(
                kind="right",
                message=f"the store `{path}` cannot be written by this user",
                help="runs of this user can change no ticket",
                parameter="path",
            )
        known = _read(file, layout, busy_seconds)
    else:
        if not file.parent.is_dir() or not os.access(file.parent, os.W_OK):
            yield Problem(
                kind="right",
                message=f"the store `{path}` cannot be made: its folder is not there,"
                " or cannot be written",
                parameter="path",
            )
        known = _of_seed(layout)
    for what, names in known.items():
        for name in asked.of(what):
            if name not in names:
                yield missing(f"the store `{path}`", what, name, names)


def _read(
    file: Path, layout: DatabaseLayout, busy_seconds: float
) -> dict[str, tuple[str, ...]]:
    # `rw` and not `ro`: a reader of a write-ahead log tidies up behind itself only then.
    address = f"{file.resolve().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, busy_seconds, uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")
            if layout.is_ready(connection, str(file)):
                return _names(connection)
    except sqlite3.DatabaseError as error:
        raise Fail(f"the {layout.what} `{file}` cannot be used: {error}") from None
    return _of_seed(layout)


def _of_seed(layout: DatabaseLayout) -> dict[str, tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        layout.make(connection, layout.prepare())
        return _names(connection)


def _names(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    return {
        what: tuple(
            str(row[0])
            for row in connection.execute(f"SELECT name FROM {table} ORDER BY id")
        )
        for what, table in _TABLES.items()
    }
