"""What otac moved and nobody corrected is not taken for an agent's judgement."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from command import otac
from desk import desk
from otac.components import (
    KeywordClassifier,
    Named,
    ProcessTickets,
    SqliteTicketSystem,
    TicketChanges,
    invoke,
)
from otac.models.card import read_card

pytest.importorskip("sklearn")

QUEUES = ("Billing", "IT", "HR", "Facilities")
WORDS = KeywordClassifier(
    {
        "Billing": ["invoice", "payment", "refund", "charged", "bank", "euro"],
        "IT": ["printer", "laptop", "password", "screen", "network", "mouse"],
        "HR": ["holiday", "contract", "salary", "sick", "leave", "certificate"],
        "Facilities": ["heating", "window", "door", "key", "light", "parking"],
    }
)
CONFIG = """
orchestrator:
  runners:
    - pipe_id: router
      interval_seconds: 300
      pipe: {use: ProcessTickets, queue: inbox, priorities: {}}
services:
  - {id: ticket_system, use: SqliteTicketSystem, path: helpdesk.db}
  - {id: classification_service, use: TrainedClassifier, model: models/queues.otac}
"""


async def work(folder: Path, arguments: Mapping[str, Any]) -> tuple[int, int, int]:
    """otac routes 80 new tickets, agents move 10 of those on, and all are closed.

    The numbers of those that otac has moved: in all, left there, and moved on.
    """
    system = SqliteTicketSystem(str(folder / "helpdesk.db"))
    routed: dict[str, str] = {}
    while True:
        given = {
            "ticket_system": system,
            "classification_service": WORDS,
            "queue": "inbox",
            "priorities": {},
            "min_confidence": 0.1,
            "stop_when_empty": False,
            **arguments,
        }
        done = await invoke(ProcessTickets, given)
        if not done["handled"]:
            break
        for one in done["routed"]:
            routed[one["ticket_id"]] = one["queue"]
    corrected = list(routed)[:10]
    for ticket in corrected:
        now = (await system.get(ticket)).queue.name
        new = QUEUES[(QUEUES.index(now or "") + 1) % 4]
        await system.update(ticket, TicketChanges(queue=Named(name=new)))
    for ticket in routed:
        closed = TicketChanges(state=Named(name="closed successful"))
        await system.update(ticket, closed)
    await system.aclose()
    return len(routed), len(routed) - len(corrected), len(corrected)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """120 tickets that agents have closed, and 80 that have come."""
    tickets = [
        {
            "subject": one.subject,
            "body": one.body,
            "created": one.created.isoformat() if one.created else None,
            "queue": one.queue if place < 120 else "inbox",
            "state": "closed successful" if place < 120 else "new",
        }
        for place, one in enumerate(desk(200))
    ]
    seed = {"queues": dict.fromkeys(("inbox", *QUEUES), ""), "tickets": tickets}
    (tmp_path / "helpdesk.yml").write_text(json.dumps(seed), encoding="utf-8")
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def learned(project: Path, *arguments: str) -> tuple[int, dict[str, int], int]:
    """Tickets read, how many were left out before, and how many it learned from."""
    done = otac("train", "config.yml", *arguments, cwd=project, timeout=300)
    assert done.status == 0, done.err
    card = read_card(project / "models" / "queues.otac")
    labels = card["parts"]["queue"]["labels"]
    read = card["tickets"]
    return read["read"], read["left_out"], sum(labels.values())


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        # The note then says by id where the ticket went.
        {"queue_map": {name: {"id": str(n)} for n, name in enumerate(QUEUES, 2)}},
    ],
    ids=["by name", "by id"],
)
def test_corrections_teach_and_own_decisions_only_if_wanted(
    project: Path, arguments: Mapping[str, Any]
) -> None:
    routed, own, corrected = asyncio.run(work(project, arguments))
    assert routed > 40
    read, left_out, number = learned(project)
    assert read == 120 + routed
    assert left_out == {"moved by otac and corrected by nobody": own}
    assert number == 120 + corrected
    assert learned(project, "--include-own") == (read, {}, 120 + routed)
