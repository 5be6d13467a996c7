"""`CheckEscalations` on a real store."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from otac.components import (
    CheckEscalations,
    Fail,
    Named,
    SqliteTicketSystem,
    TicketChanges,
    invoke,
)
from otac.components.decision_record import RecordedChoice
from otac.components.ticket_system import DecidedNote

SEED = """
queues: {A: '', B: ''}
tickets:
  - {queue: A, subject: fresh, age: 23h}
  - {queue: A, subject: overdue, age: 25h}
  - {queue: B, subject: older, age: 3d, priority: 2 low}
  - {queue: B, subject: high, age: 9d, priority: 4 high}
  - {queue: B, subject: closed, age: 9d, state: closed successful}
"""


@pytest.fixture
def system(store: Callable[[str], SqliteTicketSystem]) -> SqliteTicketSystem:
    return store(SEED)


def check(system: object, **arguments: object) -> list[dict[str, Any]]:
    result = asyncio.run(
        invoke(CheckEscalations, {"ticket_system": system, **arguments})
    )
    escalated = result["escalated"]
    assert isinstance(escalated, list)
    return escalated


def ids(escalated: list[dict[str, Any]]) -> list[str]:
    return [it["ticket_id"] for it in escalated]


def priorities(system: SqliteTicketSystem) -> str:
    """The first digit of each ticket's priority."""
    tickets = [asyncio.run(system.get(number)) for number in "12345"]
    return "".join((ticket.priority.name or "")[0] for ticket in tickets)


def test_overdue_tickets_are_raised_once(system: SqliteTicketSystem) -> None:
    assert check(system) == [
        {
            "ticket_id": "3",
            "queue": "B",
            "age_hours": 72.0,
            "old_priority": "2 low",
            "new_priority": "4 high",
        },
        {
            "ticket_id": "2",
            "queue": "A",
            "age_hours": 25.0,
            "old_priority": "3 normal",
            "new_priority": "4 high",
        },
    ]
    assert priorities(system) == "34443"
    (note,) = asyncio.run(system.get("2")).notes
    assert isinstance(note, DecidedNote)
    assert (note.subject, note.body, note.internal) == (
        "Raised to 4 high",
        "Open for 25 hours with priority 3 normal.",
        True,
    )
    assert note.decision.priority == RecordedChoice(
        before="3 normal", after="4 high", by="CheckEscalations"
    )
    assert check(system) == []


def test_a_priority_that_somebody_lowered_stays(system: SqliteTicketSystem) -> None:
    check(system)
    asyncio.run(system.update("2", TicketChanges(priority=Named(name="1 very low"))))
    assert check(system) == []
    assert priorities(system) == "31443"
    assert len(asyncio.run(system.get("2")).notes) == 1
    # A higher level is another matter.
    assert ids(check(system, raise_to="5 very high")) == ["4", "3", "2"]


def test_limits_by_priority(system: SqliteTicketSystem) -> None:
    limits = {"2 low": 100, "3 normal": "20"}
    escalated = check(system, max_age_hours_by_priority=limits)
    assert ids(escalated) == ["2", "1"]


def test_only_one_queue_and_a_limit(system: SqliteTicketSystem) -> None:
    assert ids(check(system, queue="A")) == ["2"]
    assert ids(check(system, max_age_hours=1, limit=1)) == ["3"]


def test_a_dry_run(system: SqliteTicketSystem) -> None:
    assert ids(check(system, dry_run=True, limit=1)) == ["3"]
    assert priorities(system) == "33243"
    assert ids(check(system, note=False)) == ["3", "2"]
    assert asyncio.run(system.get("2")).notes == ()


def test_priorities_of_ones_own(store: Callable[[str], SqliteTicketSystem]) -> None:
    system = store(
        "priorities: [low, high]\n"
        "tickets: [{queue: a, subject: b, age: 2d, priority: low}]"
    )
    arguments: dict[str, Any] = {"raise_to": "high", "priorities": ["low", "high"]}
    assert ids(check(system, **arguments)) == ["1"]
    with pytest.raises(Fail, match="`raise_to` is not one of `priorities`"):
        check(system, raise_to="high")


def test_an_unknown_queue(system: SqliteTicketSystem) -> None:
    with pytest.raises(Fail, match="there is no queue `C`"):
        check(system, queue="C")


class Pager:
    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.sent: list[tuple[str, str]] = []

    async def notify(self, subject: str, message: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("busy")
        self.sent.append((subject, message))


def test_people_are_told(system: SqliteTicketSystem) -> None:
    pager = Pager()
    check(system, notifier=pager, queue="A")
    check(system, notifier=pager, queue="A")
    assert pager.sent == [
        (
            "Ticket 2: Raised to 4 high",
            "Open for 25 hours with priority 3 normal.",
        )
    ]


def test_a_message_that_was_not_sent_is_sent_later(system: SqliteTicketSystem) -> None:
    pager = Pager(failures=1)
    with pytest.raises(
        ExceptionGroup, match=r"1 of 2 tickets failed: `3` \(ConnectionError\)"
    ):
        check(system, notifier=pager)
    assert priorities(system) == "34243"
    assert ids(check(system, notifier=pager)) == ["3"]
    assert [subject for subject, _ in pager.sent] == [
        "Ticket 2: Raised to 4 high",
        "Ticket 3: Raised to 4 high",
    ]
    assert [len(asyncio.run(system.get(number)).notes) for number in "23"] == [1, 1]
