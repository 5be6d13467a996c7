"""Components written for Open Ticket AI 1.5, unchanged, called as otac calls its own."""

import asyncio
import importlib
import importlib.util
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otac.components import (
    AddNote,
    Classify,
    CreateTicket,
    EmbeddingClassifier,
    Fail,
    FetchTickets,
    KeywordClassifier,
    ProcessTickets,
    SqliteTicketSystem,
    Stop,
    UpdateTicket,
    construct,
    invoke,
)
from otac.components.open_ticket_ai.adapter import PipeFailed
from otac.components.outcome import Skipped
from otac.runtime import Run

pytestmark = pytest.mark.usefixtures("plugins")

TICKETS = [
    {"subject": "Invoice", "body": "Wrong sum", "queue": {"name": "inbox"}},
    {"subject": "VPN", "body": "is slow", "queue": {"name": "inbox"}},
]
PASSWORD = "correct horse battery"


def load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def call(component: Any, **arguments: Any) -> dict[str, Any]:
    if isinstance(component, str):
        component = load(component)
    return asyncio.run(invoke(component, arguments))


def memory() -> Any:
    arguments = {"password": PASSWORD, "tickets": TICKETS}
    return construct(load("otai_acme.services:MemoryTickets"), arguments)


def words() -> Any:
    arguments = {"words": {"Billing": "invoice", "IT": "vpn"}}
    return construct(load("otai_acme.services:WordCounter"), arguments)


def test_parameters_go_in_and_data_come_out() -> None:
    greet = "otai_acme.pipes:Greet"
    assert call(greet, name="Eva") == {"text": "Hello Eva!"}
    # As everywhere, a number becomes text where text is declared.
    assert call(greet, name=5, times="2") == {"text": "Hello 5! Hello 5!"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "`Greet` needs `name`"),
        (
            {"name": "x", "times": 0},
            "`Greet` needs `times` to be greater than or equal",
        ),
        (
            {"name": "x", "nmae": "y"},
            r"has no parameter `nmae` \(did you mean `name`\?",
        ),
        ({"name": "x", "tone": "rude"}, "`Greet` needs `tone` to be 'kind' or 'loud'"),
    ],
)
def test_parameters_are_checked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(Fail, match=message):
        call("otai_acme.pipes:Greet", **arguments)


def test_a_missing_service_is_named() -> None:
    with pytest.raises(Fail, match="`Triage` needs the service `ticket_system`; needs"):
        call("otai_acme.pipes:Triage", queue="inbox")


def test_its_pipes_with_its_services() -> None:
    tickets = memory()
    result = call(
        "otai_acme.pipes:Triage",
        queue="inbox",
        ticket_system=tickets,
        classification_service=words(),
    )
    assert result["label"] == "Billing"
    assert result["ticket"]["queue"] == {"id": None, "name": "Billing"}
    assert tickets.original.tickets["1"].queue.name == "Billing"


def test_its_pipes_with_our_services(helpdesk: SqliteTicketSystem) -> None:
    arguments = {
        "queue": "inbox",
        "ticket_system": helpdesk,
        "classification_service": KeywordClassifier(
            {"IT": ["password"], "Billing": ["i*"]}
        ),
    }
    result = call("otai_acme.pipes:Triage", **arguments)
    assert result["label"] == "Billing"
    assert result["ticket"]["queue"]["name"] == "Billing"
    moved = asyncio.run(helpdesk.get("1"))
    assert (moved.queue.name, moved.notes[0].subject) == ("Billing", "Triage")
    assert moved.notes[0].internal
    call("otai_acme.pipes:Triage", **arguments)
    for ticket_id in ("2", "3"):
        asyncio.run(helpdesk.update(ticket_id, _moved("IT")))
    with pytest.raises(Skipped, match="queue inbox is empty"):
        call("otai_acme.pipes:Triage", **arguments)


def _moved(queue: str) -> Any:
    from otac.components import Named, TicketChanges

    return TicketChanges(queue=Named(name=queue))


def test_our_pipes_with_its_services() -> None:
    tickets = memory()
    search = {"queue": {"name": "inbox"}, "limit": 1}
    found = call(FetchTickets, ticket_system=tickets, ticket_search_criteria=search)
    (ticket,) = found["fetched_tickets"]
    assert ticket == {
        "id": "1",
        "subject": "Invoice",
        "body": "Wrong sum",
        "queue": {"id": None, "name": "inbox"},
        "priority": {"id": None, "name": None},
        "state": {"id": None, "name": None},
        "customer": "",
        "created": None,
        "notes": [],
    }
    made = call(
        Classify, classification_service=words(), text="my vpn", model_name="words"
    )
    assert made == {
        "label": "IT",
        "confidence": 0.9,
        "scores": {"IT": 0.9},
        "reason": None,
        "target": "IT",
    }
    changes = {"queue": {"name": "IT"}, "subject": "VPN!"}
    call(UpdateTicket, ticket_system=tickets, ticket_id=2, updated_ticket=changes)
    call(AddNote, ticket_system=tickets, ticket_id=2, note={"body": "moved"})
    new = {"subject": "Chair", "queue": {"name": "inbox"}, "customer": "eva"}
    made = call(CreateTicket, ticket_system=tickets, new_ticket=new)
    assert made == {"created_ticket_id": "3"}
    stored = tickets.original.tickets
    assert (stored["2"].queue.name, stored["2"].subject) == ("IT", "VPN!")
    assert stored["2"].body == "is slow"
    assert stored["2"].notes[0].body == "moved"
    assert stored["3"].customer.name == "eva"


@pytest.mark.parametrize(
    ("pipe", "arguments", "message"),
    [
        (
            FetchTickets,
            {"ticket_search_criteria": {"state": {"name": "open"}}},
            "`MemoryTickets` cannot find tickets by `state`",
        ),
        (
            UpdateTicket,
            {"ticket_id": 1, "updated_ticket": {"state": {"name": "open"}}},
            "`MemoryTickets` cannot change `state`",
        ),
        (
            AddNote,
            {"ticket_id": 1, "note": "x", "key": "once"},
            "`MemoryTickets` cannot remember the key of a note",
        ),
        (
            ProcessTickets,
            {"queue": "inbox", "classification_service": EmbeddingClassifier()},
            "needs `ClaimingTicketSystem` as `ticket_system`",
        ),
    ],
)
def test_what_its_services_cannot_do(
    pipe: type, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(Fail, match=message):
        call(pipe, ticket_system=memory(), **arguments)
    with pytest.raises(Fail, match="`WordCounter` needs `model_name` in the step"):
        call(Classify, classification_service=words(), text="x")


def test_an_update_that_was_refused_is_tried_again() -> None:
    changes = {"subject": "x"}
    with pytest.raises(RuntimeError, match="`MemoryTickets` did not update the ticket"):
        call(UpdateTicket, ticket_system=memory(), ticket_id=9, updated_ticket=changes)


def test_labels_that_its_classifier_does_not_have() -> None:
    made = call(
        Classify,
        classification_service=words(),
        text="vpn",
        model_name="words",
        labels={"Other": ""},
    )
    assert made == {
        "label": None,
        "confidence": 0,
        "scores": {},
        "reason": "its model says `IT`, which is none of the labels",
        "target": None,
    }


def test_failures_raise_and_skips_are_no_failures() -> None:
    leave = "otai_acme.pipes:Leave"
    with pytest.raises(PipeFailed, match="the helpdesk is closed"):
        call(leave, how="fail")
    with pytest.raises(ConnectionError, match="no route to host"):
        call(leave, how="raise")
    with pytest.raises(Skipped, match="nothing to do"):
        call(leave, how="skip")
    with pytest.raises(Fail, match="write them as `steps` of a composite"):
        call(leave, how="compose")


def test_a_plugin_that_carries_its_own_protocol() -> None:
    desk = construct(load("frozen_help:Desk"), {"name": "first"})
    result = call("frozen_help:Add", number="2", desk=desk)
    assert result == {"sum": 2, "at": "first"}


def test_services_and_pipes_are_told_apart() -> None:
    with pytest.raises(Fail, match="`WordCounter` is a service and no pipe"):
        call("otai_acme.services:WordCounter", words={})
    with pytest.raises(Fail, match="`Greet` is a pipe and no service"):
        construct(load("otai_acme.pipes:Greet"), {"name": "x"})


def test_a_service_of_no_known_kind_is_handed_over_as_it_is() -> None:
    counter = construct(load("otai_acme.services:Counter"), {})
    assert counter.count == 0
    assert type(counter).__name__ == "Counter"


def test_services_are_closed_at_the_end_of_a_run() -> None:
    services: list[Any] = []

    async def flow() -> None:
        async with Run("flow") as run:
            services.append(run.service(memory))

    asyncio.run(flow())
    assert services[0].original.closed is True


def test_no_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    search = {"queue": {"name": "inbox"}}
    call(FetchTickets, ticket_system=memory(), ticket_search_criteria=search)
    assert PASSWORD not in caplog.text
    assert "asking with ***" in caplog.text
    assert "Initializing" not in caplog.text


def test_what_a_pipe_sees_of_the_run() -> None:
    """A composite inside of a flow, with steps that succeed, fail and are skipped."""
    report = load("otai_acme.pipes:Report")
    seen: dict[str, Any] = {}

    async def outer(_: Run) -> Any:
        return {"value": 1}

    async def broken(_: Run) -> Any:
        raise RuntimeError("boom")

    async def group(run: Run) -> None:
        await run.step("inner", outer)
        for of in ("first", "inner", "broken", "left_out", "no"):
            seen[of] = await run.call(report, of=of)

    async def flow() -> None:
        async with Run("flow", {"queue": "inbox"}) as run:
            await run.step("first", outer)
            await run.step("left_out", outer, when=False)
            await run.step("broken", broken, on_error="continue")
            await run.step("group", group, config={"limit": 5})

    asyncio.run(flow())
    done = {
        "succeeded": True,
        "was_skipped": False,
        "message": "",
        "data": {"value": 1},
    }
    assert seen["first"]["succeeded"] is True
    assert seen["first"]["result"] == done
    assert seen["inner"]["result"] == done
    assert seen["first"]["params"] == {"queue": "inbox"}
    assert seen["first"]["parent"] == {"limit": 5}
    assert seen["first"]["id"] == "group"
    assert seen["broken"]["succeeded"] is False
    assert seen["broken"]["result"]["message"].endswith("boom")
    assert seen["left_out"]["succeeded"] is False
    assert seen["left_out"]["result"]["was_skipped"] is True
    assert seen["no"]["result"] is None


def test_stop_and_fail_mean_the_same_as_everywhere() -> None:
    leave = load("otai_acme.pipes:Leave")

    class Stops(leave):  # type: ignore[misc]
        async def _process(self, *_: Any) -> Any:
            raise Stop("enough")

    with pytest.raises(Stop, match="enough"):
        call(Stops, how="fail")


def test_an_installed_open_ticket_ai_comes_first(site: Path, tmp_path: Path) -> None:
    """The stand-in must not hide the package, nor fill in what it does not have."""
    package = tmp_path / "open_ticket_ai"
    package.mkdir()
    (package / "__init__.py").write_text("VERSION = '1.5.14'", encoding="utf-8")
    code = """
import otac.components, open_ticket_ai
print(open_ticket_ai.VERSION)
try:
    import open_ticket_ai.core.pipes.pipe
except ModuleNotFoundError as error:
    print(error.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1.5.14\nopen_ticket_ai.core\n"


@pytest.mark.skipif(
    importlib.util.find_spec("open_ticket_ai") is None
    or getattr(importlib.util.find_spec("open_ticket_ai"), "origin", "") != "otac",
    reason="Open Ticket AI is installed here",
)
def test_what_the_stand_in_does_not_have_says_so() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"open_ticket_ai\.core\.cli"):
        importlib.import_module("open_ticket_ai.core.cli")
    with pytest.raises(ImportError, match="OpenTicketAIApp"):
        from open_ticket_ai import OpenTicketAIApp  # noqa: F401
