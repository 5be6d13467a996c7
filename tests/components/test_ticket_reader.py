"""Tickets are read ahead, several in a request."""

import asyncio
from collections.abc import Sequence

import pytest

from otac.components import (
    Named,
    SqliteTicketSystem,
    Ticket,
    TicketChanges,
    ticket_reader,
)
from otac.components.ticket_reader import TicketReader


class Counting(SqliteTicketSystem):
    """Counts how it is read; `spoilt` is a ticket that cannot be read with others."""

    def __init__(self, system: SqliteTicketSystem, spoilt: str = "") -> None:
        vars(self).update(vars(system))
        self.spoilt = spoilt
        self.reads: list[list[str]] = []

    async def get(self, ticket_id: str) -> Ticket:
        self.reads.append([ticket_id])
        return await super().get(ticket_id)

    async def get_many(self, ticket_ids: Sequence[str]) -> list[Ticket]:
        self.reads.append(list(ticket_ids))
        if self.spoilt in ticket_ids:
            raise ConnectionError
        return await super().get_many(ticket_ids)


def read(system: Counting, *ids: str) -> list[str]:
    async def all_of_them() -> list[str]:
        reader = TicketReader(system, ["1", "2", "3", "4"])
        return [(await reader.read(one)).id for one in ids]

    return asyncio.run(all_of_them())


def test_the_next_ones_are_read_as_well(helpdesk: SqliteTicketSystem) -> None:
    system = Counting(helpdesk)
    assert read(system, "2", "3", "4", "1") == ["2", "3", "4", "1"]
    # What was read before is not read once more.
    assert system.reads == [["2", "3", "4"], ["1"]]


def test_one_that_cannot_be_read_spoils_no_other(helpdesk: SqliteTicketSystem) -> None:
    system = Counting(helpdesk, spoilt="3")
    assert read(system, "1", "2", "3") == ["1", "2", "3"]
    assert system.reads == [["1", "2", "3", "4"], ["1"], ["2"], ["3"]]


def test_what_was_read_long_ago_is_read_again(
    helpdesk: SqliteTicketSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_reader, "_FRESH_SECONDS", 0.0)
    system = Counting(helpdesk)

    async def moved_meanwhile() -> str | None:
        reader = TicketReader(system, ["1", "2"])
        await reader.read("1")
        await system.update("2", TicketChanges(queue=Named(name="IT")))
        return (await reader.read("2")).queue.name

    assert asyncio.run(moved_meanwhile()) == "IT"
