"""What files of older releases do when they run: the lines of docs/fidelity.md."""

import json
import re
from pathlib import Path

import pytest

from command import Finished, otac, without_times
from scripted_helpdesk import ScriptedHelpdesk, say, ticket

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


_MANY = """\
queues: {Incoming: new ones, Done: old ones}
tickets:
  - {subject: newest, queue: Incoming, customer: c1, age: 1h}
  - {subject: closed, queue: Incoming, customer: c1, age: 2h, state: closed successful}
  - {subject: oldest, queue: Incoming, customer: c1, age: 3d}
  - {subject: middle, queue: Incoming, customer: c1, age: 2d}
"""


def test_tickets_are_fetched_oldest_first_and_only_open_ones(tmp_path: Path) -> None:
    """1.5.14 had the newest first, closed and removed ones among them."""
    many = _F.replace("limit: 1", "limit: 3").replace(
        "{{ get_pipe_result('ticket')['subject'] }}",
        "{{ get_pipe_result('fetch', 'fetched_tickets') | map(attribute='subject') | join(' ') }}",
    )
    folder = project(tmp_path / "many", many)
    (folder / "helpdesk.yml").write_text(_MANY, encoding="utf-8")
    first = run(folder, "route")
    assert first.status == 0, first.err
    fetched = json.loads(first.out)["fetch"]["fetched_tickets"]
    assert [one["subject"] for one in fetched] == ["oldest", "middle", "newest"]
    # A state asks for closed ones, as a release before would have handed them over.
    closed = many.replace(
        "{queue: {name: Incoming}, limit: 3}",
        "{queue: {name: Incoming}, state: {name: closed successful}}",
    )
    assert closed != many
    (folder / "config.yml").write_text(closed, encoding="utf-8")
    second = run(folder, "route")
    fetched = json.loads(second.out)["fetch"]["fetched_tickets"]
    assert [one["subject"] for one in fetched] == ["closed"]


_ON_ZNUNY = """\
open_ticket_ai:
  services:
    helpdesk:
      use: otobo-znuny:OTOBOZnunyTicketSystemService
      params: {base_url: "%s", username: agent, password: "{{ env.OTAI_PW }}"}
  orchestrator:
    use: base:SimpleSequentialOrchestrator
    steps:
      - id: note
        use: base:SimpleSequentialRunner
        params:
          on: {use: "base:IntervalTrigger", params: {interval: PT5M}}
          run:
            id: note
            use: base:AddNotePipe
            injects: {ticket_system: helpdesk}
            params: {ticket_id: "7", note: {subject: seen, body: Seen by the robot.}}
"""


def test_a_note_in_a_helpdesk_ends_with_a_line_that_says_who_wrote_it(
    tmp_path: Path,
) -> None:
    """1.5.14 wrote the text alone."""
    with ScriptedHelpdesk() as server:
        server.on("get", say({"Ticket": [ticket(7)]}))
        server.on("update", say({"TicketID": "7"}))
        folder = project(tmp_path / "znuny", _ON_ZNUNY % server.url)
        finished = otac(
            "run", "config.yml", "note", cwd=folder, timeout=500, OTAI_PW="x"
        )
        server.shutdown()
    assert finished.status == 0, finished.err
    _, sent = server.asked[-1]
    body = sent["Article"]["Body"]
    assert re.fullmatch(
        r"Seen by the robot\.\n\n\[otac run:[0-9a-f-]+/note/note\]", body
    )
