"""Which tickets failed in whose runs, beside the claims.

The table comes with the first setback: a file that was made before has none.
"""

import sqlite3
from collections.abc import Sequence

from otac.components.clock import present
from otac.components.setbacks import Setback, left_out_seconds

_TABLE = """
CREATE TABLE IF NOT EXISTS setbacks (
    purpose TEXT NOT NULL,
    ticket_id INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    last_run TEXT NOT NULL,
    left_out_until REAL NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
) WITHOUT ROWID
"""
_FORGOTTEN_SECONDS = 30 * 86400.0


def read(connection: sqlite3.Connection, purpose: str) -> dict[str, Setback]:
    """The setbacks of a purpose, by ticket."""
    if not _exists(connection):
        return {}
    rows = connection.execute(
        "SELECT ticket_id, runs, left_out_until FROM setbacks WHERE purpose = ?",
        (purpose,),
    )
    return {str(ticket): Setback(runs, until) for ticket, runs, until in rows}


def add(
    connection: sqlite3.Connection, purpose: str, ticket: int, run: str, after: int
) -> Setback:
    """One more, unless this run has had one."""
    connection.execute(_TABLE)
    now = present().timestamp()
    connection.execute(
        "DELETE FROM setbacks WHERE left_out_until < ? AND left_out_until > 0",
        (now - _FORGOTTEN_SECONDS,),
    )
    row = connection.execute(
        "SELECT runs, last_run, left_out_until FROM setbacks"
        " WHERE purpose = ? AND ticket_id = ?",
        (purpose, ticket),
    ).fetchone()
    if row is not None and row[1] == run:
        return Setback(row[0], row[2])
    runs = 1 if row is None else row[0] + 1
    seconds = left_out_seconds(runs, after)
    until = now + seconds if seconds else 0.0
    connection.execute(
        "INSERT OR REPLACE INTO setbacks VALUES (?, ?, ?, ?, ?)",
        (purpose, ticket, runs, run, until),
    )
    return Setback(runs, until)


def remove(
    connection: sqlite3.Connection, purpose: str, tickets: Sequence[int]
) -> None:
    """Those of a purpose for some tickets."""
    if _exists(connection):
        connection.executemany(
            "DELETE FROM setbacks WHERE purpose = ? AND ticket_id = ?",
            [(purpose, ticket) for ticket in tickets],
        )


def _exists(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'setbacks'"
    return connection.execute(query).fetchone() is not None
