"""The seed in the repository's root, as the demo runs it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from otac.components import (
    CheckEscalations,
    EmbeddingClassifier,
    ProcessTickets,
    SqliteTicketSystem,
    Stop,
    invoke,
)

SEED = Path(__file__).parents[2] / "helpdesk.yml"


@pytest.fixture
def system(tmp_path: Path) -> SqliteTicketSystem:
    return SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"), seed=str(SEED))


def process(system: SqliteTicketSystem) -> dict[str, Any]:
    arguments = {
        "queue": "my-queue",
        "ticket_system": system,
        "classification_service": EmbeddingClassifier(),
    }
    return asyncio.run(invoke(ProcessTickets, arguments))


def escalate(system: SqliteTicketSystem) -> set[str]:
    result = asyncio.run(invoke(CheckEscalations, {"ticket_system": system}))
    return {
        asyncio.run(system.get(it["ticket_id"])).subject for it in result["escalated"]
    }


OVERDUE = {
    "Replacement for a broken screen",
    "Second reminder although we have paid",
    "Wrong VAT number on our invoice",
    "Quote for 40 licences",
}


def test_tickets_go_where_a_person_would_send_them(system: SqliteTicketSystem) -> None:
    result = process(system)
    tickets = [asyncio.run(system.get(number)) for number in result["handled"]]
    assert {it.subject: (it.queue.name, it.priority.name) for it in tickets} == {
        "Charged twice for October": ("Billing", "3 normal"),
        "VPN drops every few minutes": ("IT Support", "3 normal"),
        "Sick until Friday": ("HR", "3 normal"),
        "Quote for 40 licences": ("Sales", "3 normal"),
        "Heating in room 214 is off": ("Facilities", "3 normal"),
        "URGENT - nobody can log in": ("IT Support", "3 normal"),
        "Vacation days left": ("HR", "3 normal"),
        "Wrong VAT number on our invoice": ("Billing", "3 normal"),
        "Lost office key": ("Facilities", "3 normal"),
        "New colleague on Monday": ("HR", "3 normal"),
        "Printer prints blank pages": ("IT Support", "3 normal"),
        "As discussed": ("my-queue", "3 normal"),
    }
    assert len(result["undecided"]) == 1
    with pytest.raises(Stop, match=r"^queue `my-queue` has no new tickets$"):
        process(system)


def test_overdue_tickets_are_raised_in_either_order(system: SqliteTicketSystem) -> None:
    assert escalate(system) == OVERDUE
    process(system)
    # Routing does not lower what was raised.
    tickets = [asyncio.run(system.get(str(number))) for number in range(1, 16)]
    raised = {it.subject for it in tickets if it.priority.name == "4 high"}
    assert raised == OVERDUE
    assert escalate(system) == set()
