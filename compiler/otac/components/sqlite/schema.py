"""The tables of the embedded ticket store, and how a new file gets them."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from otac.components.clock import present
from otac.components.sqlite.layout import DatabaseLayout, Maker
from otac.components.sqlite.seed import Seed, read_seed
from otac.components.vocabulary import STATES

# "otac" in ASCII.
_APPLICATION_ID = 0x6F746163
_SEED_SUFFIXES = (".yml", ".yaml", ".csv")

# Instants are ISO 8601 in UTC with microseconds, so that text order is time order.
_TABLES = """
CREATE TABLE queues (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL
);
CREATE TABLE priorities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE states (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    open INTEGER NOT NULL
);
CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    queue_id INTEGER NOT NULL REFERENCES queues (id),
    priority_id INTEGER NOT NULL REFERENCES priorities (id),
    state_id INTEGER NOT NULL REFERENCES states (id),
    customer TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE INDEX tickets_by_queue ON tickets (queue_id, created);
CREATE INDEX tickets_by_age ON tickets (created);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    internal INTEGER NOT NULL,
    created TEXT NOT NULL
);
CREATE INDEX notes_by_ticket ON notes (ticket_id);
-- Updates that must happen only once.
CREATE TABLE applied (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    PRIMARY KEY (ticket_id, key)
) WITHOUT ROWID;
-- Who works on a ticket, until when (seconds since 1970), and whether it is done.
CREATE TABLE claims (
    purpose TEXT NOT NULL,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    leased_until REAL NOT NULL,
    attempts INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    PRIMARY KEY (purpose, ticket_id)
) WITHOUT ROWID;
"""


def store_layout(path: str, seed: str | None) -> DatabaseLayout:
    """A ticket store that starts with the seed, or with the one beside it."""

    return _layout(lambda: _read_seed(path, seed))


def seeded_layout(seed: Seed) -> DatabaseLayout:
    """A ticket store that starts with this."""
    return _layout(lambda: seed)


def _layout(seed: Callable[[], Seed]) -> DatabaseLayout:
    def prepare() -> Maker:
        return partial(_create, seed=seed())

    return DatabaseLayout("ticket store", _APPLICATION_ID, 1, prepare)


def _read_seed(path: str, seed: str | None) -> Seed:
    if seed is not None:
        return read_seed(Path(seed))
    beside = (Path(path).with_suffix(suffix) for suffix in _SEED_SUFFIXES)
    found = next((one for one in beside if one.is_file()), None)
    return Seed() if found is None else read_seed(found)


def _create(connection: sqlite3.Connection, seed: Seed) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO queues (name, description) VALUES (?, ?)", seed.queues.items()
    )
    connection.executemany(
        "INSERT INTO priorities (name) VALUES (?)",
        [(name,) for name in seed.priorities],
    )
    connection.executemany(
        "INSERT INTO states (name, open) VALUES (?, ?)", STATES.items()
    )
    now = present()
    for ticket in seed.tickets:
        ticket_id = connection.execute(
            "INSERT INTO tickets"
            " (id, subject, body, queue_id, priority_id, state_id, customer, created)"
            " SELECT ?, ?, ?, q.id, p.id, s.id, ?, ? FROM queues q, priorities p, states s"
            " WHERE q.name = ? AND p.name = ? AND s.name = ?",
            (
                ticket.id,
                ticket.subject,
                ticket.body,
                ticket.customer,
                instant(ticket.created_at(now)),
                ticket.queue,
                ticket.priority or middle(seed.priorities),
                ticket.state,
            ),
        ).lastrowid
        connection.executemany(
            "INSERT INTO notes (ticket_id, subject, body, internal, created)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (ticket_id, note.subject, note.body, note.internal, instant(now))
                for note in ticket.notes
            ],
        )


def middle(priorities: Sequence[str]) -> str:
    """The priority of a ticket for which none was given."""
    return priorities[len(priorities) // 2]


def instant(moment: datetime) -> str:
    """As instants are stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
