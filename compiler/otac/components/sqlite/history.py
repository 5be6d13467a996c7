"""Tickets of the embedded store as they came."""

import json
import sqlite3
from collections.abc import Sequence

from otac.components.history import HistorySearch
from otac.components.sqlite import first_subject, tickets
from otac.components.sqlite.names import find_id, has_any
from otac.components.sqlite.schema import instant
from otac.components.ticket_system import Ticket, ticket_number


def find_ids(connection: sqlite3.Connection, search: HistorySearch) -> list[str]:
    """The ids of the tickets that match, newest first."""
    conditions, values = ["true"], list[object]()
    if search.queues:
        if not has_any(connection, "queue"):
            return []
        queues = [find_id(connection, "queue", queue) for queue in search.queues]
        conditions.append("t.queue_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(queues))
    if search.since is not None:
        conditions.append("t.created >= ?")
        values.append(instant(search.since))
    if search.only is not None:
        conditions.append("s.open" if search.only == "open" else "NOT s.open")
    rows = connection.execute(
        "SELECT t.id FROM tickets t JOIN states s ON s.id = t.state_id"
        f" WHERE {' AND '.join(conditions)}"
        " ORDER BY t.created DESC, t.id DESC LIMIT ?",
        (*values, search.newest),
    )
    return [str(row[0]) for row in rows]


def read(connection: sqlite3.Connection, ticket_ids: Sequence[str]) -> list[Ticket]:
    """Those that are there, in the order of the ids."""
    found = {ticket.id: ticket for ticket in tickets.get_many(connection, ticket_ids)}
    first = first_subject.read(connection, [ticket_number(one) for one in ticket_ids])
    return [
        found[one].model_copy(update={"subject": first.get(one, found[one].subject)})
        for one in dict.fromkeys(str(ticket_number(one)) for one in ticket_ids)
        if one in found
    ]
