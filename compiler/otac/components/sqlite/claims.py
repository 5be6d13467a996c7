"""Who works on which ticket: the claims in the embedded ticket store."""

import json
import sqlite3
from collections.abc import Sequence

from otac.components.clock import present

_FREE = """
SELECT wanted.value
FROM json_each(?) AS wanted
LEFT JOIN claims ON purpose = ? AND ticket_id = wanted.value
WHERE ticket_id IS NULL OR (NOT finished AND leased_until <= ?)
ORDER BY coalesce(attempts, 0), wanted.key
LIMIT 1
"""

_CLAIM = """
INSERT INTO claims (purpose, ticket_id, owner, leased_until, attempts, finished)
VALUES (?, ?, ?, ?, 1, 0)
ON CONFLICT (purpose, ticket_id) DO UPDATE
SET owner = excluded.owner, leased_until = excluded.leased_until,
    attempts = attempts + 1
"""


def free(
    connection: sqlite3.Connection, purpose: str, tickets: Sequence[int]
) -> int | None:
    """The first ticket that may be claimed now; those tried least often come first."""
    row = connection.execute(
        _FREE, (json.dumps(tickets), purpose, present().timestamp())
    ).fetchone()
    return None if row is None else int(row[0])


def claim(
    connection: sqlite3.Connection,
    purpose: str,
    tickets: Sequence[int],
    owner: str,
    lease_seconds: float,
) -> str | None:
    """Leases such a ticket to the owner, inside a writing transaction."""
    ticket = free(connection, purpose, tickets)
    if ticket is None:
        return None
    until = present().timestamp() + lease_seconds
    connection.execute(_CLAIM, (purpose, ticket, owner, until))
    return str(ticket)


def finish(
    connection: sqlite3.Connection, purpose: str, ticket: int, owner: str
) -> None:
    """No effect if the lease ended and somebody else has the ticket."""
    connection.execute(
        "UPDATE claims SET finished = 1"
        " WHERE purpose = ? AND ticket_id = ? AND owner = ?",
        (purpose, ticket, owner),
    )


def release(connection: sqlite3.Connection, purpose: str, owner: str) -> None:
    """Ends the owner's leases at once."""
    connection.execute(
        "UPDATE claims SET leased_until = 0"
        " WHERE purpose = ? AND owner = ? AND NOT finished",
        (purpose, owner),
    )
