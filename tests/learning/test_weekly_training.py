"""The example that trains weekly: it makes a new model, and fails when precision has fallen."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from command import Finished, otac
from desk import desk
from otac.components import (
    Named,
    ProcessTickets,
    SqliteTicketSystem,
    TicketChanges,
    TrainedClassifier,
    invoke,
)
from otac.models.card import read_card

pytest.importorskip("sklearn")
pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "weekly-training"
QUEUES = ("Billing", "IT", "HR", "Facilities")
_ROUTED = 10
_WORDS = ("printer password", "invoice refund", "salary holiday")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example with 160 closed tickets, its first model, and ten tickets routed by it."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    tickets = [
        {
            "subject": one.subject,
            "body": one.body,
            "created": one.created.isoformat() if one.created else None,
            "queue": one.queue,
            "state": "closed successful",
        }
        for one in desk(160)
    ]
    waiting = [
        {"queue": "inbox", "subject": f"Help {n}", "body": f"my {words} please"}
        for n, words in enumerate(_WORDS * 4)
    ][:_ROUTED]
    seed = {
        "queues": dict.fromkeys(("inbox", *QUEUES), ""),
        "tickets": [*tickets, *waiting],
    }
    (tmp_path / "helpdesk.yml").write_text(json.dumps(seed), encoding="utf-8")
    done = otac("train", "config.yml", cwd=tmp_path, timeout=300)
    assert done.status == 0, done.err
    asyncio.run(route(tmp_path))
    return tmp_path


def store(project: Path) -> SqliteTicketSystem:
    return SqliteTicketSystem(str(project / "helpdesk.db"))


async def route(project: Path) -> None:
    system = store(project)
    done = await invoke(
        ProcessTickets,
        {
            "ticket_system": system,
            "classification_service": TrainedClassifier(
                str(project / "models" / "queues.otac")
            ),
            "queue": "inbox",
            "min_confidence": 0.5,
            "priorities": {},
            "limit": _ROUTED,
        },
    )
    assert len(done["routed"]) == _ROUTED
    for one in done["routed"]:
        closed = TicketChanges(state=Named(name="closed successful"))
        await system.update(one["ticket_id"], closed)
    await system.aclose()


async def correct(project: Path, number: int) -> None:
    """Agents move so many of the routed tickets elsewhere."""
    system = store(project)
    for ticket in range(161, 161 + number):
        await system.update(str(ticket), TicketChanges(queue=Named(name="Facilities")))
    await system.aclose()


def weekly(project: Path) -> Finished:
    return otac("run", "config.yml", "retrain", cwd=project, timeout=500)


def read(project: Path) -> int:
    """How many tickets the model was made from."""
    number: int = read_card(project / "models" / "queues.otac")["tickets"]["read"]
    return number


def test_it_trains_every_time_and_fails_where_agents_have_corrected_much(
    project: Path,
) -> None:
    assert read(project) == 160
    content = weekly(project)
    assert content.status == 0, content.err
    # Those that otac has moved are read, and are no agent's judgement.
    assert read(project) == 160 + _ROUTED
    steps = json.loads(content.out)
    assert "otac moved 10 tickets, agents corrected 0" in steps["review"]["value"]
    assert "queue: 160 tickets, 4 labels" in steps["train"]["value"]
    asyncio.run(correct(project, 4))
    alarmed = weekly(project)
    assert alarmed.status == 1
    assert "queue: 60.0 % right, less than the 90 % of --min-precision" in alarmed.err
    # What they have corrected has taught, all the same.
    card = read_card(project / "models" / "queues.otac")
    assert card["tickets"]["read"] == 160 + _ROUTED
    assert sum(card["parts"]["queue"]["labels"].values()) == 160 + 4
