"""A dry run on a real Znuny: its database before and after, byte for byte."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from znuny_system import CUSTOMER, PASSWORD, Znuny

from command import Finished, otac
from otac.components import (
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    TicketChanges,
    TicketSearch,
)

pytestmark = pytest.mark.znuny

CONFIG = f"""\
services:
  desk:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{{{ env.DESK }}}}"
      password: "{{{{ env.DESK_PASSWORD }}}}"
      claims_path: claims.db
  words:
    use: KeywordClassifier
    word_precision: 0.8
    params: {{labels: {{Billing: [rehearse], 4 high: [rehearse]}}}}
orchestrator:
  defaults: {{retries: 0}}
  runners:
    - pipe_id: route
      pipe:
        use: ProcessTickets
        queue: HR
        queues: {{Billing: ""}}
        priorities: {{4 high: ""}}
    - pipe_id: steps
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria: {{queue: {{name: HR}}}}
          - id: each
            for_each: "{{{{ get_pipe_result('fetch', 'fetched_tickets') }}}}"
            steps:
              - id: move
                use: UpdateTicket
                ticket_id: "{{{{ item.id }}}}"
                updated_ticket: {{queue: {{name: Billing}}, state: {{name: open}}}}
              - id: tell
                use: AddNote
                ticket_id: "{{{{ item.id }}}}"
                note: {{subject: Moved, body: "was {{{{ item.queue.name }}}}", internal: false}}
    - pipe_id: late
      pipe: {{use: CheckEscalations, max_age_hours: 0.0001, queue: HR}}
    - pipe_id: make
      pipe:
        use: CreateTicket
        new_ticket: {{subject: rehearsed, queue: {{name: HR}}, customer: {CUSTOMER}}}
    - pipe_id: own
      pipe: {{use: "acme:close_all"}}
"""
OWN = """\
from otac.components import Named, TicketChanges, TicketSearch, TicketSystem


async def close_all(ticket_system: TicketSystem) -> dict[str, int]:
    found = await ticket_system.find(TicketSearch(queue=Named(name="HR")))
    for ticket in found:
        changes = TicketChanges(state=Named(name="closed successful"))
        await ticket_system.update(ticket.id, changes)
    return {"closed": len(found)}
"""
# Whoever asks is written there: when the agent was last seen, and the web service's log.
OF_ASKING = {"user_preferences", "gi_debugger_entry", "gi_debugger_entry_content"}
# What each would do to both tickets, in the order of `changes`.
WOULD = {
    "route": ["queue", "priority"] * 2,
    "steps": ["queue", "state", "note"] * 2,
    "late": ["priority"] * 2,
    "make": ["new ticket", "subject", "queue", "customer"],
}


def database(znuny: Znuny) -> dict[str, str]:
    """Every row of every table, and how far each counter is."""
    dump = ["mariadb-dump", "--skip-comments", "--skip-extended-insert"]
    said = subprocess.run(
        ["chroot", znuny.root or "", *dump, "--order-by-primary", "otrs2"],
        check=True,
        capture_output=True,
        timeout=300,
    ).stdout.decode("utf-8", "surrogateescape")
    tables = {}
    for part in said.split("DROP TABLE IF EXISTS `")[1:]:
        name, _, rows = part.partition("`")
        tables[name] = rows
    assert {"ticket", "article", "article_data_mime", "ticket_history"} <= tables.keys()
    return tables


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables that differ, apart from those that any question changes."""
    names = (before | after).keys() - OF_ASKING
    return {name for name in names if before.get(name) != after.get(name)}


@pytest.fixture
def project(
    znuny: Znuny, tmp_path: Path, connect: Callable[..., OTOBOZnunyTicketSystem]
) -> Path:
    """A configuration, and two tickets, no others, in `HR`."""
    if znuny.root is None:
        pytest.skip("the database of this Znuny is not known")

    async def fill() -> None:
        desk, queue = connect(), Named(name="HR")
        for one in await desk.find_ids(TicketSearch(queue=queue)):
            closed = TicketChanges(state=Named(name="closed successful"))
            await desk.update(one, closed)
        for text in ("rehearse one", "rehearse \x1b[31m zwei 件"):
            await desk.create(
                NewTicket(subject=text, body=text, queue=queue, customer=CUSTOMER)
            )
        await desk.aclose()

    asyncio.run(fill())
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "config.yml").write_text(CONFIG, "utf-8")
    (folder / "acme.py").write_text(OWN, "utf-8")
    return folder


def run(znuny: Znuny, project: Path, runner: str, *options: str) -> Finished:
    given = {"DESK": znuny.url, "DESK_PASSWORD": PASSWORD}
    command = ("run", "config.yml", runner, *options)
    return otac(
        *command, cwd=project, timeout=500, PYTHONDONTWRITEBYTECODE="1", **given
    )


def test_a_dry_run_of_each_runner_leaves_the_database_as_it_was(
    znuny: Znuny, project: Path
) -> None:
    files = {path: path.read_bytes() for path in project.iterdir()}
    before = database(znuny)
    for runner, would in WOULD.items():
        done = run(znuny, project, runner, "--dry-run", "--format", "json")
        assert done.status == 0, done.err
        said = json.loads(done.out)
        assert said["state"] == "Completed", said
        assert [one["what"] for one in said["changes"]] == would
        assert changed(before, database(znuny)) == set()
    left_out = run(znuny, project, "own", "--dry-run")
    assert left_out.err == (
        "`acme:close_all` may do more than write to tickets: not run"
        " (`--run-own` runs it)\n"
    )
    assert "0 tickets would change; nothing was written" in left_out.out
    own = run(znuny, project, "own", "--dry-run", "--run-own")
    assert (own.status, own.err) == (0, "")
    assert "closed successful" in own.out
    assert "2 tickets would change; nothing was written" in own.out
    assert changed(before, database(znuny)) == set()
    # No claims either.
    assert {path: path.read_bytes() for path in project.iterdir()} == files


def test_what_a_dry_run_has_said_is_what_a_run_does(
    znuny: Znuny, project: Path
) -> None:
    foretold = json.loads(
        run(znuny, project, "steps", "--dry-run", "--format", "json").out
    )
    before = database(znuny)
    done = json.loads(run(znuny, project, "steps", "--format", "json").out)
    assert done["changes"] == foretold["changes"]
    assert done["state"] == foretold["state"] == "Completed"
    written = {"ticket", "article", "article_data_mime", "ticket_history"}
    assert changed(before, database(znuny)) >= written
