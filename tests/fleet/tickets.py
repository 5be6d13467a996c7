"""The ticket store of the fleet: what is put in, and what was done to it."""

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from otac.components import Named, NewTicket, SqliteTicketSystem

_QUEUES = {"Invoice": "Billing", "VPN": "IT", "Heating": "Facilities"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What became of a ticket; `claims` are purpose, whether finished, attempts."""

    subject: str
    queue: str
    notes: list[str]
    keys: list[str]
    claims: list[tuple[str, int, int]]

    @property
    def belongs_to(self) -> str:
        return _QUEUES[self.subject.split()[0]]


class Tickets:
    """All of them, by where they arrived; a subject tells where a ticket belongs."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._system = SqliteTicketSystem(str(store))

    def add(self, queue: str, count: int) -> None:
        """New ones, a third for each of the queues they belong to."""

        async def create() -> None:
            for number, word in zip(range(count), cycle(_QUEUES), strict=False):
                subject = f"{word} {number}, {queue}"
                new = NewTicket(subject=subject, queue=Named(name=queue))
                await self._system.create(new)
            await self._system.aclose()

        asyncio.run(create())

    def of(self, queue: str) -> list[Ticket]:
        """Those that arrived in a queue."""
        tickets = self._rows(
            "SELECT tickets.id, subject, queues.name FROM tickets"
            " JOIN queues ON queues.id = queue_id WHERE subject LIKE '%, ' || ?",
            queue,
        )
        return [
            Ticket(
                subject,
                now_in,
                [body for (body,) in self._of("notes", "body", number)],
                [key for (key,) in self._of("applied", "key", number)],
                self._of("claims", "purpose, finished, attempts", number),
            )
            for number, subject, now_in in tickets
        ]

    def in_hand(self, purpose: str) -> int:
        """How many are claimed, not finished, and nobody else's to take."""
        query = (
            "SELECT count(*) FROM claims"
            " WHERE purpose = ? AND NOT finished AND leased_until > ?"
        )
        return int(self._rows(query, purpose, time.time())[0][0])

    def _of(self, table: str, columns: str, ticket: int) -> list[Any]:
        return self._rows(f"SELECT {columns} FROM {table} WHERE ticket_id = ?", ticket)

    def _rows(self, query: str, *values: object) -> list[Any]:
        path = f"file:{self._store}?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as store:
            return store.execute(query, values).fetchall()
