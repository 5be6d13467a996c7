"""Learning from a real Znuny's closed tickets, and routing its new ones by that."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from command import otac
from desk import desk
from otac.components import (
    HistorySearch,
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    ProcessTickets,
    TicketChanges,
    TrainedClassifier,
    invoke,
)
from otac.components.ticket_system import DecidedNote

pytestmark = pytest.mark.znuny
pytest.importorskip("sklearn")

CLOSED = Named(name="closed successful")
QUEUES = {"Billing": "Billing", "IT": "IT Support", "HR": "HR"}
INTAKE = "Incoming"
_NUMBER = 210


def config(znuny: Znuny) -> str:
    return f"""
services:
  - id: ticket_system
    use: OTOBOZnunyTicketSystem
    base_url: {znuny.url}
    username: {USER}
    password: {PASSWORD}
  - {{id: classifier, use: TrainedClassifier, model: models/queues.otac, min_precision: 0.8}}
orchestrator:
  runners:
    - pipe_id: router
      interval_seconds: 300
      pipe: {{use: ProcessTickets, queue: {INTAKE}, min_confidence: 0, priorities: {{}}}}
"""


async def fill(helpdesk: OTOBOZnunyTicketSystem) -> None:
    """Tickets that came into the intake, were retitled, moved and closed."""
    at_once = asyncio.Semaphore(4)

    async def one(subject: str, body: str, queue: str) -> None:
        async with at_once:
            made = await helpdesk.create(
                NewTicket(
                    subject=subject,
                    body=body,
                    queue=Named(name=INTAKE),
                    customer=CUSTOMER,
                )
            )
            await helpdesk.update(
                made.id,
                TicketChanges(
                    subject="Retitled", queue=Named(name=QUEUES[queue]), state=CLOSED
                ),
            )

    await asyncio.gather(
        *(one(it.subject, it.body, it.queue) for it in desk(_NUMBER, list(QUEUES)))
    )


def test_train_dry_run_route_note(
    znuny: Znuny, connect: Callable[..., OTOBOZnunyTicketSystem], tmp_path: Path
) -> None:
    helpdesk = connect()
    asyncio.run(work(znuny, helpdesk, tmp_path))


async def work(znuny: Znuny, helpdesk: OTOBOZnunyTicketSystem, folder: Path) -> None:
    await fill(helpdesk)
    ids = await helpdesk.history_ids(HistorySearch(newest=5, only="closed"))
    past = await helpdesk.history(ids)
    assert len(past) == 5
    assert all(one.subject != "Retitled" for one in past)
    (folder / "config.yml").write_text(config(znuny), encoding="utf-8")
    done = await asyncio.to_thread(
        otac, "train", "config.yml", "--newest", str(_NUMBER), cwd=folder
    )
    assert done.status == 0, done.err
    assert f"queue: {_NUMBER} tickets, 3 labels" in done.out
    checked = await asyncio.to_thread(otac, "check", "config.yml", cwd=folder)
    assert checked.status == 0, checked.err
    new = replace(desk(1)[0], body="printer password laptop network")
    made = await helpdesk.create(
        NewTicket(
            subject=new.subject,
            body=new.body,
            queue=Named(name=INTAKE),
            customer=CUSTOMER,
        )
    )
    given = {
        "ticket_system": helpdesk,
        "classification_service": TrainedClassifier(
            str(folder / "models" / "queues.otac"), min_precision=0.8
        ),
        "queue": INTAKE,
        "min_confidence": 0,
        "priorities": {},
    }
    tried = await invoke(ProcessTickets, {**given, "dry_run": True})
    assert [one["queue"] for one in tried["routed"] if one["ticket_id"] == made.id] == [
        "IT Support"
    ]
    assert (await helpdesk.get(made.id)).queue.name == INTAKE
    await invoke(ProcessTickets, given)
    routed = await helpdesk.get(made.id)
    assert routed.queue.name == "IT Support"
    (note,) = [one for one in routed.notes if isinstance(one, DecidedNote)]
    assert note.decision.queue is not None
    assert note.decision.queue.label == "IT Support"
    await helpdesk.aclose()
