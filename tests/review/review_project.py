"""A helpdesk on which otac has decided, and agents have corrected some of it."""

import asyncio
from pathlib import Path

import pytest

from otac.components import (
    KeywordClassifier,
    Named,
    ProcessTickets,
    SqliteTicketSystem,
    TicketChanges,
    invoke,
)

CONFIG = """\
services: {helpdesk: {use: SqliteTicketSystem, path: helpdesk.db}}
orchestrator:
  runners:
    - pipe_id: route
      interval_seconds: 60
      pipe: {use: ProcessTickets, queue: inbox}
"""
SEED = """\
queues: {inbox: new, Billing: invoices, IT: computers, HR: people}
tickets:
  - {queue: inbox, subject: My invoice, body: "invoice, please", age: 2h}
  - {queue: inbox, subject: Password, body: "password\\n=1+1", age: 3h}
  - {queue: inbox, subject: Invoice is wrong, body: invoice, age: 4h}
  - {queue: inbox, subject: Hm, body: ok, age: 5h}
  - {queue: IT, subject: Nobody routed this, body: password, age: 6h}
"""
WORDS = KeywordClassifier(
    {"Billing": ["invoice"], "IT": ["password"], "HR": [], "4 high": ["please"]},
    word_precision=0.8,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two of three tickets that otac has moved were moved on, one of them by otac."""
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "helpdesk.yml").write_text(SEED, encoding="utf-8")
    return tmp_path


def store(project: Path) -> SqliteTicketSystem:
    return SqliteTicketSystem(str(project / "helpdesk.db"))


async def route(system: SqliteTicketSystem, queue: str, **arguments: object) -> None:
    given = {"ticket_system": system, "classification_service": WORDS, **arguments}
    await invoke(ProcessTickets, {"queue": queue, **given})


def decide(project: Path) -> None:
    """otac routes; agents move ticket 1, and take back the priority of it."""

    async def work() -> None:
        system = store(project)
        await route(system, "inbox", low_confidence_queue="HR")
        # Another runner of otac's own sends on what came to IT.
        await route(system, "IT", queue_map={"IT": "Billing"}, priorities={}, limit=2)
        changes = TicketChanges(queue=Named(name="IT"), priority=Named(name="3 normal"))
        await system.update("1", changes)
        # What nothing was certain about is moved on by agents: no correction.
        await system.update("4", TicketChanges(queue=Named(name="IT")))
        closed = TicketChanges(state=Named(name="closed successful"))
        for ticket in ("1", "2"):
            await system.update(ticket, closed)
        await system.aclose()

    asyncio.run(work())
