"""Reading and changing tickets in the embedded store, inside a transaction."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from otac.components.clock import present
from otac.components.outcome import Fail
from otac.components.sqlite.first_subject import keep_first_subject
from otac.components.sqlite.names import Kind, find_id, has_any
from otac.components.sqlite.schema import instant, middle
from otac.components.ticket_system import (
    DecidedNote,
    Named,
    NewTicket,
    Note,
    Queue,
    Ticket,
    TicketChanges,
    TicketSearch,
    read_note,
    ticket_number,
    write_note,
)
from otac.components.vocabulary import DEFAULT_STATE

_SELECT = """
SELECT t.id, t.subject, t.body, t.customer, t.created,
       q.id, q.name, p.id, p.name, s.id, s.name
FROM tickets t
JOIN queues q ON q.id = t.queue_id
JOIN priorities p ON p.id = t.priority_id
JOIN states s ON s.id = t.state_id
"""
_SELECT_IDS = """
SELECT t.id FROM tickets t JOIN states s ON s.id = t.state_id
"""


def find(connection: sqlite3.Connection, search: TicketSearch) -> list[Ticket]:
    """The tickets that match, oldest first."""
    clauses, values = _clauses(connection, search)
    return _read(
        connection,
        f"{clauses} LIMIT ? OFFSET ?",
        (*values, search.limit, search.offset),
    )


def find_ids(connection: sqlite3.Connection, search: TicketSearch) -> list[str]:
    """The ids of all tickets that match, oldest first."""
    clauses, values = _clauses(connection, search)
    rows = connection.execute(_SELECT_IDS + clauses, values)
    return [str(row[0]) for row in rows]


def _clauses(
    connection: sqlite3.Connection, search: TicketSearch
) -> tuple[str, tuple[object, ...]]:
    conditions: list[str] = []
    values: list[object] = []
    if search.queue is not None:
        if not has_any(connection, "queue"):
            # A store that nobody has filled yet is empty, and no name in it is wrong.
            return "WHERE false", ()
        conditions.append("t.queue_id = ?")
        values.append(find_id(connection, "queue", search.queue))
    if search.state is None:
        conditions.append("s.open")
    else:
        conditions.append("t.state_id = ?")
        values.append(find_id(connection, "state", search.state))
    if search.created_before is not None:
        conditions.append("t.created < ?")
        values.append(instant(search.created_before))
    return f"WHERE {' AND '.join(conditions)} ORDER BY t.created, t.id", tuple(values)


def queues(connection: sqlite3.Connection) -> list[Queue]:
    """Every queue, in the order they were made."""
    return [
        Queue(id=row[0], name=row[1], description=row[2])
        for row in connection.execute(
            "SELECT id, name, description FROM queues ORDER BY id"
        )
    ]


def get(connection: sqlite3.Connection, ticket_id: str) -> Ticket:
    """One ticket; `Fail` if there is none of this id."""
    found = get_many(connection, [ticket_id])
    if not found:
        raise Fail(f"there is no ticket `{ticket_id}`")
    return found[0]


def get_many(connection: sqlite3.Connection, ticket_ids: Sequence[str]) -> list[Ticket]:
    """Those that are there, by id, with the keys they were updated with."""
    wanted = json.dumps([ticket_number(ticket_id) for ticket_id in ticket_ids])
    among = "(SELECT value FROM json_each(?))"
    keys: defaultdict[str, set[str]] = defaultdict(set)
    query = f"SELECT ticket_id, key FROM applied WHERE ticket_id IN {among}"
    for number, key in connection.execute(query, (wanted,)):
        keys[str(number)].add(key)
    return [
        ticket.model_copy(update={"applied": frozenset(keys[ticket.id])})
        for ticket in _read(connection, f"WHERE t.id IN {among}", (wanted,))
    ]


def create(connection: sqlite3.Connection, ticket: NewTicket) -> Ticket:
    """A new ticket. A queue that is not there yet is made as well."""
    if ticket.queue.id is None and ticket.queue.name:
        # The store has no other place in which to make one.
        connection.execute(
            "INSERT OR IGNORE INTO queues (name, description) VALUES (?, '')",
            (ticket.queue.name,),
        )
    number = connection.execute(
        "INSERT INTO tickets"
        " (subject, body, queue_id, priority_id, state_id, customer, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            ticket.subject,
            ticket.body,
            find_id(connection, "queue", ticket.queue),
            _priority(connection, ticket.priority),
            find_id(connection, "state", ticket.state or Named(name=DEFAULT_STATE)),
            ticket.customer,
            instant(present()),
        ),
    ).lastrowid
    return get(connection, str(number))


def update(
    connection: sqlite3.Connection,
    ticket_id: str,
    changes: TicketChanges,
    note: Note | None,
    key: str | None,
) -> bool:
    """Applies everything, or nothing if the key was used before."""
    number = int(get(connection, ticket_id).id)
    if key is not None:
        applied = connection.execute(
            "INSERT OR IGNORE INTO applied (ticket_id, key) VALUES (?, ?)",
            (number, key),
        )
        if applied.rowcount == 0:
            return False
    if changes.subject is not None:
        keep_first_subject(connection, number)
    for column, value in _columns(connection, changes):
        connection.execute(
            f"UPDATE tickets SET {column} = ? WHERE id = ?", (value, number)
        )
    if note is not None:
        connection.execute(
            "INSERT INTO notes (ticket_id, subject, body, internal, created)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                number,
                note.subject,
                write_note(note, key=None),
                note.internal,
                instant(present()),
            ),
        )
    return True


def _columns(
    connection: sqlite3.Connection, changes: TicketChanges
) -> Iterable[tuple[str, object]]:
    if changes.subject is not None:
        yield "subject", changes.subject
    if changes.customer is not None:
        yield "customer", changes.customer
    references: tuple[tuple[Kind, Named | None], ...] = (
        ("queue", changes.queue),
        ("priority", changes.priority),
        ("state", changes.state),
    )
    for kind, named in references:
        if named is not None:
            yield f"{kind}_id", find_id(connection, kind, named)


def _priority(connection: sqlite3.Connection, priority: Named | None) -> int:
    """The priority asked for, else the middle one of those there are."""
    if priority is not None:
        return find_id(connection, "priority", priority)
    rows = connection.execute("SELECT name FROM priorities ORDER BY id")
    name = middle([row[0] for row in rows])
    return find_id(connection, "priority", Named(name=name))


def _read(
    connection: sqlite3.Connection, clauses: str, values: tuple[object, ...]
) -> list[Ticket]:
    rows = connection.execute(_SELECT + clauses, values).fetchall()
    notes = _notes(connection, [row[0] for row in rows])
    return [
        Ticket(
            id=row[0],
            subject=row[1],
            body=row[2],
            customer=row[3],
            created=row[4],
            queue=Named(id=row[5], name=row[6]),
            priority=Named(id=row[7], name=row[8]),
            state=Named(id=row[9], name=row[10]),
            notes=tuple(notes[row[0]]),
        )
        for row in rows
    ]


def _notes(
    connection: sqlite3.Connection, ticket_ids: list[int]
) -> defaultdict[int, list[Note]]:
    notes: defaultdict[int, list[Note]] = defaultdict(list)
    for ticket_id, subject, body, internal in connection.execute(
        "SELECT ticket_id, subject, body, internal FROM notes"
        " WHERE ticket_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(ticket_ids),),
    ):
        note = Note(subject=subject, body=body, internal=bool(internal))
        read, _ = read_note(note)
        # Keys are not written into notes here, so any other line is somebody's own.
        notes[ticket_id].append(read if isinstance(read, DecidedNote) else note)
    return notes
