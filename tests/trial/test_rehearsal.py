"""Runs on a helpdesk that change nothing."""

import asyncio
import json
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from trying import helpdesk

from command import Finished, otac
from otac.components.ticket_system import (
    ClaimingTicketSystem,
    Named,
    NewTicket,
    Note,
    TicketChanges,
    TicketSearch,
)
from otac.local.ticket_change import TicketChange
from otac.trial.rehearsal import rehearsed
from scripted_helpdesk import (
    PASSWORD,
    Answer,
    ScriptedHelpdesk,
    cut_off,
    reset,
    say,
    ticket,
)

T = TypeVar("T")

_CONFIG = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  words:
    use: KeywordClassifier
    word_precision: 0.8
    params: {labels: {Billing: [invoice], Hardware: [printer]}}
orchestrator:
  runners:
    - pipe_id: router
      pipe:
        steps:
          - id: route
            use: ProcessTickets
            params: {queue: Incoming, priorities: {}}
          - {id: tell, use: "acme:page", params: {text: hello}}
          - {id: late, use: CheckEscalations, params: {max_age_hours: 24}}
"""
_SEED = """\
queues: {Incoming: "", Billing: "", Hardware: ""}
tickets:
  - {queue: Incoming, subject: an invoice, age: 2h}
  - {queue: Incoming, subject: a printer, age: 1h}
  - {queue: Incoming, subject: hm}
  - {queue: Billing, subject: old, age: 3d}
"""


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


def test_later_steps_see_what_would_have_been_done() -> None:
    real = helpdesk({"id": 1, "subject": "a"}, {"id": 2, "subject": "b"})
    changes: list[TicketChange] = []
    system = rehearsed(real, changes)
    assert isinstance(system, ClaimingTicketSystem)
    moved = TicketChanges(queue=Named(name="Billing"), priority=Named(name="4 high"))
    assert _run(system.update("1", moved, Note(body="why"), key="once"))
    assert not _run(system.update("1", moved, key="once"))
    ticket = _run(system.get("1"))
    assert (ticket.queue.name, ticket.priority.name) == ("Billing", "4 high")
    assert [note.body for note in ticket.notes] == ["why"]
    assert "once" in ticket.applied
    search = TicketSearch(queue=Named(name="Incoming"))
    assert [one.id for one in _run(system.find(search))] == ["2"]
    assert _run(system.find_ids(search)) == ["2"]
    assert [one.queue.name for one in _run(system.get_many(["1", "2"]))] == [
        "Billing",
        "Incoming",
    ]
    [change] = changes
    assert change.before is not None
    assert (change.before.queue.name, change.changes) == ("Incoming", moved)
    assert real.changes == []
    assert [one.queue.name for one in _run(real.tickets())] == ["Incoming"] * 2


def test_a_new_ticket_is_known_to_the_run_alone() -> None:
    real = helpdesk()
    changes: list[TicketChange] = []
    system = rehearsed(real, changes)
    made = _run(system.create(NewTicket(subject="a", queue=Named(name="Billing"))))
    assert made.id == "new 1"
    assert _run(system.get("new 1")).subject == "a"
    assert [change.before for change in changes] == [None]
    assert _run(real.tickets()) == []


def test_each_ticket_is_handed_out_once_and_nobody_is_told() -> None:
    real = helpdesk({"id": 1, "subject": "a"}, {"id": 2, "subject": "b"})
    system = rehearsed(real, [])
    assert isinstance(system, ClaimingTicketSystem)

    def claim() -> str | None:
        return _run(system.claim("p", ["1", "2"], owner="me", lease_seconds=9))

    assert [claim(), claim(), claim()] == ["1", "2", None]
    assert _run(real.claim("p", ["1", "2"], owner="else", lease_seconds=9)) == "1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(_CONFIG)
    (tmp_path / "helpdesk.yml").write_text(_SEED)
    shutil.copy(Path(__file__).with_name("acme.py"), tmp_path)
    return tmp_path


def run(project: Path, *arguments: str, **env: str) -> Finished:
    """A dry run where no server can be reached."""
    return otac(
        "run",
        "config.yml",
        "router",
        *arguments,
        cwd=project,
        timeout=300,
        PREFECT_API_URL="http://127.0.0.1:9/api",
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="false",
        PYTHONDONTWRITEBYTECODE="1",
        **env,
    )


def test_a_dry_run_shows_what_would_change(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.iterdir()}
    done = run(project, "--dry-run")
    assert done.status == 0
    assert done.err == (
        "`acme:page` may do more than write to tickets: not run (`--run-own` runs it)\n"
    )
    lines = done.out.splitlines()
    assert lines[0] == "  ticket  subject     what      from      to        note"
    assert sorted(lines[1:-2]) == [
        "  1       an invoice  queue     Incoming  Billing   Routed to Billing",
        "  2       a printer   queue     Incoming  Hardware  Routed to Hardware",
        "  3       hm          note                          Not routed",
        "  4       old         priority  3 normal  4 high    Raised to 4 high",
    ]
    assert lines[-2:] == ["Completed", "4 tickets would change; nothing was written"]
    assert {path: path.read_bytes() for path in project.iterdir()} == before


def test_a_store_that_is_there_stays_as_it_is(project: Path) -> None:
    (project / "config.yml").write_text(
        _CONFIG.replace('"acme:page"', "Expression").replace(
            "{text: hello}", '{expression: "{{ 1 }}"}'
        )
    )
    real = otac("run", "config.yml", "router", cwd=project, timeout=300)
    assert real.status == 0
    with (project / "helpdesk.yml").open("a") as seed:
        seed.write("# read once, when the store was made\n")
    before = (project / "helpdesk.db").read_bytes()
    done = run(project, "--dry-run", "--format", "json")
    assert json.loads(done.out)["changes"] == []
    assert json.loads(done.out)["state"] == "Stopped"
    assert (project / "helpdesk.db").read_bytes() == before


def test_programs_get_the_changes_with_their_notes(project: Path) -> None:
    found = json.loads(run(project, "--dry-run", "--format", "json").out)
    assert found["state"] == "Completed"
    assert [(step["ids"], step["state"]) for step in found["steps"]] == [
        (["route"], "Completed"),
        (["tell"], "Skipped"),
        (["late"], "Completed"),
    ]
    [change] = [one for one in found["changes"] if one["ticket"] == "1"]
    assert (change["what"], change["from"], change["to"]) == (
        "queue",
        "Incoming",
        "Billing",
    )
    assert change["note"]["subject"] == "Routed to Billing"


_REMOTE = """\
services:
  desk:
    use: OTOBOZnunyTicketSystem
    params: {base_url: "{{ env.DESK }}", username: agent, password: "{{ env.DESK_PASSWORD }}"}
orchestrator:
  defaults: {retries: 1, retry_delay_seconds: 0}
  runners:
    - pipe_id: router
      pipe:
        steps:
          - id: first
            use: UpdateTicket
            ticket_id: "7"
            updated_ticket: {queue: {name: Billing}}
          - id: second
            use: UpdateTicket
            ticket_id: "8"
            updated_ticket: {queue: {name: Billing}}
"""


@pytest.mark.parametrize("death", [reset, cut_off])
def test_a_helpdesk_that_dies_in_the_middle(project: Path, death: Answer) -> None:
    (project / "config.yml").write_text(_REMOTE)
    desk = ScriptedHelpdesk()
    desk.on("get", say({"Ticket": [ticket(7)]}), death)
    try:
        env = {"DESK": desk.url, "DESK_PASSWORD": PASSWORD}
        done = run(project, "--dry-run", **env)
    finally:
        desk.shutdown()
        desk.server_close()
    assert done.status == 1
    # What it would have done before is told, and why there is no more.
    assert "Ticket 7" in done.out
    assert "\nFailed: step `second` failed after 2 attempts: " in done.out
    assert done.out.endswith("1 ticket would change; nothing was written\n")
    assert {*desk.operations()} == {"get"}
    assert PASSWORD not in done.out + done.err


def test_components_of_ones_own_run_where_that_is_wanted(project: Path) -> None:
    done = run(project, "--dry-run", "--run-own", "--format", "json")
    states = [step["state"] for step in json.loads(done.out)["steps"]]
    assert states == ["Completed"] * 3


def test_a_run_that_fails_says_why(project: Path) -> None:
    text = _CONFIG.replace("queue: Incoming,", "queue: Incomming,")
    (project / "config.yml").write_text(text)
    done = run(project, "--dry-run", "-q")
    assert done.status == 1
    assert "Failed: step `route` failed" in done.out
    assert "there is no queue `Incomming` (did you mean `Incoming`?)" in done.out
