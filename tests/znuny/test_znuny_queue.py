"""A queue of a real Znuny is worked through."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from command import Finished, otac
from otac.components import (
    CheckEscalations,
    Classification,
    KeywordClassifier,
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    ProcessTickets,
    Stop,
    TicketChanges,
    TicketSearch,
    invoke,
)

pytestmark = pytest.mark.znuny

T = TypeVar("T")
Connect = Callable[..., OTOBOZnunyTicketSystem]
WORDS = KeywordClassifier(
    {"Billing": ["invoice"], "IT Support": ["password"], "4 high": ["urgent"]},
    word_precision=0.8,
)
TEXTS = ("Invoice is wrong", "Password, urgent", "Nice weather")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def incoming(helpdesk: OTOBOZnunyTicketSystem) -> list[str]:
    """Six new tickets, and no others, in `Incoming`."""

    async def fill() -> list[str]:
        queue = Named(name="Incoming")
        for one in await helpdesk.find_ids(TicketSearch(queue=queue)):
            closed = TicketChanges(state=Named(name="closed successful"))
            await helpdesk.update(one, closed)
        made = [
            await helpdesk.create(
                NewTicket(subject=text, queue=queue, customer=CUSTOMER)
            )
            for text in TEXTS * 2
        ]
        await helpdesk.aclose()
        return [ticket.id for ticket in made]

    return run(fill())


async def process(
    system: object, classifier: object = WORDS, **arguments: object
) -> Any:
    given = {
        "queue": "Incoming",
        "queues": {"Billing": "", "IT Support": ""},
        "ticket_system": system,
        "classification_service": classifier,
    }
    return await invoke(ProcessTickets, {**given, **arguments})


def state(helpdesk: OTOBOZnunyTicketSystem, ids: list[str]) -> list[tuple[Any, ...]]:
    return [
        (ticket.queue.name, ticket.priority.name, len(ticket.notes))
        for ticket in run(helpdesk.get_many(ids))
    ]


AFTER = [
    ("Billing", "3 normal", 1),
    ("IT Support", "4 high", 1),
    ("Incoming", "3 normal", 1),
] * 2


def test_each_ticket_is_routed_once(
    helpdesk: OTOBOZnunyTicketSystem, connect: Connect, incoming: list[str]
) -> None:
    assert run(process(helpdesk))["handled"] == incoming
    assert state(helpdesk, incoming) == AFTER
    note = run(helpdesk.get(incoming[1])).notes[0]
    assert note.internal
    assert note.subject == "Routed to IT Support"
    assert note.body.startswith("queue: IT Support, confidence 0.89")
    # Neither this machine nor another handles what stayed in the queue again.
    for machine in (helpdesk, connect("b")):
        with pytest.raises(Stop, match="queue `Incoming` has no new tickets"):
            run(process(machine))
    # Nor what somebody puts back.
    back = TicketChanges(queue=Named(name="Incoming"))
    run(helpdesk.update(incoming[0], back))
    with pytest.raises(Stop, match="has no new tickets"):
        run(process(connect("c")))
    assert state(helpdesk, incoming)[0] == ("Incoming", "3 normal", 1)


def test_two_runs_at_once_share_the_work(
    helpdesk: OTOBOZnunyTicketSystem, connect: Connect, incoming: list[str]
) -> None:
    async def both() -> list[Any]:
        arguments: dict[str, Any] = {"stop_when_empty": False, "at_once": 2}
        return await asyncio.gather(
            process(helpdesk, **arguments), process(connect(), **arguments)
        )

    handled = [one for result in run(both()) for one in result["handled"]]
    assert sorted(handled, key=int) == incoming
    assert state(helpdesk, incoming) == AFTER


class Picky:
    """Does not get along with one ticket."""

    async def classify(self, text: str, **options: Any) -> Classification:
        if "weather" in text:
            raise ConnectionError("no")
        return await WORDS.classify(text, **options)


def test_bad_tickets_hold_back_nobody(
    helpdesk: OTOBOZnunyTicketSystem, incoming: list[str]
) -> None:
    with pytest.raises(ExceptionGroup, match=r"2 of 6 tickets failed"):
        run(process(helpdesk, Picky()))
    untouched = ("Incoming", "3 normal", 0)
    assert state(helpdesk, incoming) == [*AFTER[:2], untouched] * 2
    # A further attempt has only those to do.
    assert run(process(helpdesk))["handled"] == [incoming[2], incoming[5]]
    assert state(helpdesk, incoming) == AFTER


def test_escalations(helpdesk: OTOBOZnunyTicketSystem, incoming: list[str]) -> None:
    arguments = {
        "ticket_system": helpdesk,
        "queue": "Incoming",
        "max_age_hours": 0.0001,
    }
    # Znuny tells whole seconds, and the youngest has just been made.
    time.sleep(2)
    first = run(invoke(CheckEscalations, arguments))["escalated"]
    assert [one["ticket_id"] for one in first] == incoming
    assert state(helpdesk, incoming) == [("Incoming", "4 high", 1)] * 6
    assert run(invoke(CheckEscalations, arguments))["escalated"] == []


CONFIG = """\
services:
  otobo_znuny:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{ get_env('ZNUNY_URL') }}"
      username: "{{ get_env('ZNUNY_USER') }}"
      password: "{{ get_env('ZNUNY_PASSWORD') }}"
      queues:
        Billing: invoices, payments, refunds
        IT Support: computers, passwords, VPN
  classifier: {use: EmbeddingClassifier}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incoming}
"""


def test_a_run_of_a_flow_keeps_the_password_to_itself(
    znuny: Znuny,
    helpdesk: OTOBOZnunyTicketSystem,
    incoming: list[str],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")

    def route(password: str) -> Finished:
        return otac(
            "run",
            "config.yml",
            "route",
            cwd=folder,
            timeout=500,
            ZNUNY_URL=znuny.url,
            ZNUNY_USER=USER,
            ZNUNY_PASSWORD=password,
        )

    # One that stands nowhere else in what is searched.
    wrong_password = "wr0ng-pa55word-of-znuny"
    right, wrong = route(PASSWORD), route(wrong_password)
    assert right.status == 0, right.err
    assert len(run(helpdesk.get(incoming[0])).notes) == 1
    assert wrong.status == 1
    reason = f"the helpdesk does not let user `{USER}` in: check `username`"
    assert reason in wrong.err
    assert "1 attempt" in wrong.err

    said = right.out + right.err + wrong.out + wrong.err
    (database,) = (folder / ".otac").rglob("prefect.db")
    with closing(sqlite3.connect(database)) as connection:
        said += "\n".join(connection.iterdump())
    assert reason in said
    files = [path for path in folder.rglob("*") if path.is_file()]
    for password in (PASSWORD, wrong_password):
        assert password not in said
        assert [it for it in files if password.encode() in it.read_bytes()] == []
