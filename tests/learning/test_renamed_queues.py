"""A model whose labels are not what the queues are called any more."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from desk import desk
from otac.components import (
    Fail,
    ProcessTickets,
    SqliteTicketSystem,
    Ticket,
    TrainedClassifier,
    invoke,
)
from otac.learning.training import train

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It answers with `Billing`, `Facilities`, `HR` and `IT`."""
    data = train(desk(200), "made up").data
    assert data is not None
    path = tmp_path_factory.mktemp("models") / "m.otac"
    path.write_bytes(data)
    return path


def store(folder: Path, queues: Sequence[str]) -> SqliteTicketSystem:
    listed = "".join(f"  {name}: ''\n" for name in ("inbox", *queues))
    (folder / "helpdesk.yml").write_text(
        f"queues:\n{listed}"
        "tickets:\n"
        "  - {queue: inbox, subject: laptop, body: my printer and my password}\n"
        "  - {queue: inbox, subject: invoice, body: the refund of a payment}\n",
        encoding="utf-8",
    )
    return SqliteTicketSystem(str(folder / "helpdesk.db"))


async def route(system: SqliteTicketSystem, model: Path) -> list[Ticket]:
    """Both tickets after a run, or what the run raises."""
    try:
        await invoke(
            ProcessTickets,
            {
                "ticket_system": system,
                "classification_service": TrainedClassifier(str(model)),
                "queue": "inbox",
                "min_confidence": 0,
                "priorities": {},
            },
        )
    finally:
        found = await system.get_many(["1", "2"])
        await system.aclose()
    return found


def test_without_a_label_that_is_a_queue_no_ticket_is_touched(
    model: Path, tmp_path: Path
) -> None:
    system = store(tmp_path, ("Invoices", "Computers"))
    with pytest.raises(Fail) as caught:
        asyncio.run(route(system, model))
    assert str(caught.value) == (
        "TrainedClassifier answers with `Billing`, `Facilities`, `HR`, `IT`, and the"
        " helpdesk's queues are `Computers`, `Invoices`: train the model again, or map its"
        " labels with `queue_map`"
    )
    again = SqliteTicketSystem(str(tmp_path / "helpdesk.db"))
    found = asyncio.run(again.get_many(["1", "2"]))
    assert [(one.queue.name, one.notes, one.applied) for one in found] == [
        ("inbox", (), frozenset())
    ] * 2


def test_one_that_was_renamed_holds_back_its_own_tickets_alone(
    model: Path, tmp_path: Path
) -> None:
    system = store(tmp_path, ("Billings", "IT"))
    with pytest.raises(Fail, match=r"`Billing`.*did you mean `Billings`"):
        asyncio.run(route(system, model))
    again = SqliteTicketSystem(str(tmp_path / "helpdesk.db"))
    found = asyncio.run(again.get_many(["1", "2"]))
    assert [one.queue.name for one in found] == ["IT", "inbox"]
