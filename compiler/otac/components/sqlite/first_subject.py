"""The subjects that tickets came with, of those whose subject was changed.

The table comes with the first change: a file that was made before has none.
"""

import json
import sqlite3
from collections.abc import Sequence

_TABLE = """
CREATE TABLE IF NOT EXISTS first_subjects (
    ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    subject TEXT NOT NULL
)
"""


def keep_first_subject(connection: sqlite3.Connection, ticket: int) -> None:
    """Remember the subject a ticket came with, before it is changed."""
    connection.execute(_TABLE)
    connection.execute(
        "INSERT OR IGNORE INTO first_subjects"
        " SELECT id, subject FROM tickets WHERE id = ?",
        (ticket,),
    )


def read(connection: sqlite3.Connection, tickets: Sequence[int]) -> dict[str, str]:
    """The first subjects of those tickets whose subject is another one by now."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'first_subjects'"
    if connection.execute(query).fetchone() is None:
        return {}
    rows = connection.execute(
        "SELECT ticket_id, subject FROM first_subjects"
        " WHERE ticket_id IN (SELECT value FROM json_each(?))",
        (json.dumps(tickets),),
    )
    return {str(ticket): subject for ticket, subject in rows}
