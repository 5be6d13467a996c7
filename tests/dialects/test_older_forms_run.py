"""What files of older releases do when they run: the lines of docs/fidelity.md."""

import json
from pathlib import Path

import pytest

from command import Finished, otac, without_times

pytestmark = pytest.mark.slow

_SEED = """\
queues: {Incoming: new ones, Done: old ones}
tickets:
  - {subject: "12345", body: "None", queue: Incoming, customer: c1}
"""
_F = """\
open_ticket_ai:
  services:
    helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db, seed: helpdesk.yml}}
  orchestrator:
    use: base:SimpleSequentialOrchestrator
    params:
      steps:
        - id: route
          use: base:SimpleSequentialRunner
          params:
            on: {use: "base:IntervalTrigger", params: {interval: PT5M}}
            run:
              use: base:CompositePipe
              params:
                steps:
                  - id: fetch
                    use: base:FetchTicketsPipe
                    injects: {ticket_system: helpdesk}
                    params: {ticket_search_criteria: {queue: {name: Incoming}, limit: 1}}
                  - id: ticket
                    use: base:ExpressionPipe
                    params:
                      expression: "{{ fail() if (get_pipe_result('fetch', 'fetched_tickets') | length) == 0 else get_pipe_result('fetch', 'fetched_tickets')[0] }}"
                  - id: texts
                    use: base:ExpressionPipe
                    params: {expression: "{{ [get_pipe_result('ticket')['subject'], get_pipe_result('ticket')['body']] }}"}
                  - id: note
                    use: base:AddNotePipe
                    injects: {ticket_system: helpdesk}
                    params:
                      ticket_id: "{{ get_pipe_result('ticket')['id'] }}"
                      note: {subject: seen, body: "{{ get_pipe_result('ticket')['subject'] }}"}
                  - id: move
                    use: base:UpdateTicketPipe
                    injects: {ticket_system: helpdesk}
                    params:
                      ticket_id: "{{ get_pipe_result('ticket')['id'] }}"
                      updated_ticket: {queue: {name: Done}}
"""
_C = """\
open_ticket_ai:
  services:
    - {id: helpdesk, use: SqliteTicketSystem, path: helpdesk.db, seed: helpdesk.yml}
  orchestrator:
    - run_every_milli_seconds: 60000
      pipe:
        id: notes
        queue: Nowhere
        retries: 0
        steps:
          - id: move
            use: TicketUpdatePipe
            injects: {ticket_system: helpdesk}
            retries: 0
            ticket_id: "1"
            updated_ticket: "{{ config.queue | at_path('queue.name') }}"
          - id: after
            use: JinjaExpressionPipe
            expression: "{{ pipe_result('move', 'ticket_id') is none }}"
          - id: handled
            if: "{{ has_failed('move') and config.queue }}"
            use: TicketAddNotePipe
            injects: {ticket_system: helpdesk}
            ticket_id: "1"
            note: could not be moved
"""


def project(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "config.yml").write_text(text, encoding="utf-8")
    (folder / "helpdesk.yml").write_text(_SEED, encoding="utf-8")
    return folder


def run(folder: Path, runner: str) -> Finished:
    finished = otac("run", "config.yml", runner, cwd=folder, timeout=500)
    return Finished(finished.status, finished.out, without_times(finished.err))


def test_a_file_of_1_5(tmp_path: Path) -> None:
    folder = project(tmp_path / "f", _F)
    first = run(folder, "route")
    assert first.status == 0, first.err
    result = json.loads(first.out)
    # Text stays text, and the note is internal.
    assert result["texts"] == {"value": ["12345", "None"]}
    assert result["note"] == {"added": True}
    second = run(folder, "route")
    # An empty queue is no failure: `fail()` ended the run well there, too.
    assert second.status == 0
    assert "Stopped" in second.err.splitlines()[-1]


def test_a_file_of_september_2025(tmp_path: Path) -> None:
    finished = run(project(tmp_path / "c", _C), "notes")
    # A failed step did not stop its list, and a missing result was none ...
    assert "  after    Completed" in finished.err
    assert "  handled  Completed" in finished.err
    # ... but the run says that it failed.
    assert finished.status == 1
    assert finished.err.splitlines()[-1].startswith(
        "Failed after 0.0 s: step `move` failed"
    )
