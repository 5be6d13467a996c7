"""Runs against a helpdesk, and its password, which must stay between the two."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from command import Finished, otac
from scripted_helpdesk import (
    AGENT,
    PASSWORD,
    ScriptedHelpdesk,
    article,
    error,
    say,
    ticket,
)

pytestmark = pytest.mark.slow

CONFIG = """\
services:
  otobo_znuny:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{ get_env('HELPDESK_URL') }}"
      username: agent
      password: "{{ get_env('HELPDESK_PASSWORD') }}"
      retries: 0
  words:
    use: KeywordClassifier
    labels: {Billing: [invoice], IT: [password]}
orchestrator:
  defaults: {retries: 1, retry_delay_seconds: 0.1}
  runners:
    - pipe_id: route
      pipe:
        use: ProcessTickets
        injects: {ticket_system: otobo_znuny, classification_service: words}
        queue: Incoming
        queues: {Billing: "", IT: ""}
        priorities: {}
    - pipe_id: again
      # Keeps what its steps return and raise.
      flow_retries: 1
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: otobo_znuny}
            ticket_search_criteria: {limit: 5}
          - id: note
            use: AddNote
            injects: {ticket_system: otobo_znuny}
            ticket_id: "{{ get_pipe_result('fetch', 'fetched_tickets')[0].id }}"
            note: "seen"
            key: seen
"""
DENIED = error("TicketSearch.AuthFail", "User could not be authenticated!")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedHelpdesk]:
    with ScriptedHelpdesk() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("helpdesk")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    return folder


def run(server: ScriptedHelpdesk, folder: Path, runner: str) -> Finished:
    return otac(
        "run",
        "config.yml",
        runner,
        cwd=folder,
        timeout=500,
        HELPDESK_URL=server.url,
        HELPDESK_PASSWORD=PASSWORD,
        # What the HTTP client says goes to Prefect, too.
        PREFECT_LOGGING_EXTRA_LOGGERS="httpx,httpcore,otac",
        PREFECT_LOGGING_LEVEL="DEBUG",
    )


def test_the_password_goes_to_the_helpdesk_and_nowhere_else(
    server: ScriptedHelpdesk, folder: Path
) -> None:
    server.on("search", say({"TicketID": ["7"]}))
    server.on("get", say({"Ticket": [ticket(7, article("My invoice."))]}))
    server.on("update", say({"TicketID": "7"}))
    right = [run(server, folder, "route"), run(server, folder, "again")]
    assert [one.status for one in right] == [0, 0], right
    assert server.operations().count("update") == 2

    server.asked.clear()
    server.on("search", DENIED)
    wrong = run(server, folder, "route")
    assert wrong.status == 1
    reason = f"does not let user `{AGENT}` in: check `username` and `password`"
    assert reason in wrong.err
    # No further attempt, although the step has one.
    assert len(server.asked) == 1

    server.on("search", say("no JSON", 500, "text/plain"))
    down = run(server, folder, "again")
    assert down.status == 1
    assert "answers 500" in down.err
    # Two attempts of the step in each of two of the flow.
    assert len(server.asked) == 1 + 4
    assert {data["Password"] for _, data in server.asked} == {PASSWORD}

    said = "".join(one.out + one.err for one in (*right, wrong, down))
    (database,) = (folder / ".otac").rglob("prefect.db")
    with closing(sqlite3.connect(database)) as connection:
        # In the file itself a text can lie in pieces.
        said += "\n".join(connection.iterdump())
    files = [path for path in folder.rglob("*") if path.is_file()]
    # What is said of it is found, so it would be, too.
    assert reason in said
    assert any(reason.encode() in path.read_bytes() for path in files)
    assert PASSWORD not in said
    assert [path for path in files if PASSWORD.encode() in path.read_bytes()] == []
