"""What a person sees of `otac run`, in a terminal."""

import json
import sys
from pathlib import Path
from time import sleep

import pytest

from command import otac
from terminal import Terminal

pytestmark = pytest.mark.slow

_OTAC = Path(sys.executable).parent / "otac"
_CONFIG = """\
services:
  desk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}, word_precision: 0.8}}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incoming, queues: {Billing: ""}}
    - pipe_id: make
      pipe:
        steps:
          - id: ticket
            use: CreateTicket
            new_ticket: {subject: Weekly, queue: {name: Billing}}
          - id: raise
            use: UpdateTicket
            ticket_id: "{{ get_pipe_result('ticket', 'created_ticket_id') }}"
            updated_ticket: {priority: {name: 5 very high}}
          - {id: boom, use: Expression, expression: "{{ 1 / 0 }}"}
"""
_SEED = """\
queues: {Incoming: "", Billing: ""}
tickets:
  - {queue: Incoming, subject: "\\e[31mred\\e]0;a\\a invoice 請求書の件について"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(_CONFIG, "utf-8")
    (tmp_path / "helpdesk.yml").write_text(_SEED, "utf-8")
    return tmp_path


@pytest.mark.parametrize("columns", [80, 40])
def test_it_ends_with_tickets_and_steps(project: Path, columns: int) -> None:
    command: list[str | Path] = [_OTAC, "run", "config.yml", "route"]
    terminal = Terminal(command, project, columns, 50)
    try:
        assert terminal.process.wait(500) == 0
        sleep(0.5)
        lines = [" ".join(line.split()) for line in terminal.text.rstrip().split("\n")]
    finally:
        terminal.close()
    steps, tickets = lines.index("route"), lines.index("")
    assert lines[steps + 1].startswith("route Completed")
    header, row, *rest = lines[tickets + 1 :]
    assert header.split()[:2] == ["ticket", "what" if columns == 40 else "subject"]
    assert "queue Incoming Billing" in row
    # No JSON: a person reads there.
    assert rest[:-1] == ["", "1 ticket changed"]
    assert rest[-1].startswith("Completed after ")
    assert b"\x1b[31mred" not in terminal.raw
    assert b"\x1b]0" not in terminal.raw


def test_programs_get_it_as_json_and_a_pipe_the_result(project: Path) -> None:
    piped = otac("run", "config.yml", "make", cwd=project, timeout=500)
    assert (piped.status, piped.out) == (1, "")
    rows = [" ".join(line.split()) for line in piped.err.split("\n")]
    at = rows.index("ticket subject what from to note")
    assert rows[at + 1 : at + 6] == [
        "2 Weekly new ticket",
        "subject Weekly",
        "queue Billing",
        "priority 3 normal 5 very high",
        "",
    ]
    told = otac("run", "config.yml", "make", "--format", "json", cwd=project)
    changes = json.loads(told.out)["changes"]
    assert [one["what"] for one in changes] == [
        "new ticket",
        "subject",
        "queue",
        "priority",
    ]
    assert changes[3] == {
        "ticket": "3",
        "subject": "Weekly",
        "what": "priority",
        "from": "3 normal",
        "to": "5 very high",
        "note": None,
    }
    quiet = otac("run", "config.yml", "make", "-q", cwd=project, timeout=500)
    assert (quiet.status, quiet.out) == (1, "")
    (why,) = quiet.err.splitlines()
    assert why.startswith("make: Failed after ")
    assert "step `boom` failed: `{{ 1 / 0 }}`: division by zero" in why
