"""Resident runners in production: windows, ticks, and what is left when all is killed."""

import asyncio
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from credentials import TOKEN
from deployed import Deployed
from server_process import Background, Server, until

from otac.components import Named, NewTicket, SqliteTicketSystem

pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent
BODY = "My printer burns since Tuesday"


@pytest.fixture(scope="module")
def resident(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The project beside this file."""
    folder = tmp_path_factory.mktemp("resident")
    shutil.copytree(_HERE / "resident", folder, dirs_exist_ok=True)
    pool = "work-pool", "create", "resident", "--type", "process"
    server.run(server.home, "prefect", *pool)
    return Deployed(server, folder)


@pytest.fixture
def worker(server: Server, resident: Deployed) -> Iterator[Background]:
    """A worker for its pool; its windows end with it, and the server is told."""
    worker = start_worker(server)
    try:
        yield worker
    finally:
        worker.kill()
        for runner in resident.runners:
            for run in server.flow_runs(runner):
                if run["state_name"] in ("Running", "Pending"):
                    server.post(
                        f"flow_runs/{run['id']}/set_state",
                        state={"type": "CRASHED"},
                        force=True,
                    )


def start_worker(server: Server) -> Background:
    return server.start(server.home, "prefect", "worker", "start", "--pool", "resident")


@pytest.fixture
def only(server: Server, resident: Deployed) -> Iterator[Callable[[str], None]]:
    """Switches all runners but one off."""

    def pause(name: str) -> None:
        for runner in resident.runners:
            deployment = server.deployment(runner)["id"]
            server.patch(f"deployments/{deployment}", paused=runner != name)

    yield pause
    pause("")


@pytest.fixture
def helpdesk(resident: Deployed) -> SqliteTicketSystem:
    path = resident.folder / "helpdesk.db"
    return SqliteTicketSystem(path=path, seed=resident.folder / "helpdesk.yml")


def put(helpdesk: SqliteTicketSystem, subject: str) -> str:
    """A new ticket."""
    ticket = NewTicket(subject=subject, body=BODY, queue=Named(name="Incoming"))
    created: Any = asyncio.run(helpdesk.create(ticket))
    return str(getattr(created, "id", created))


def moved(helpdesk: SqliteTicketSystem, ticket: str, queue: str) -> None:
    """Returns when the ticket is in the queue."""

    def look() -> bool | None:
        return asyncio.run(helpdesk.get(ticket)).queue.name == queue or None

    until(f"ticket {ticket} in {queue}", look)


def running(server: Server, name: str) -> dict[str, Any]:
    """The window that ticks."""

    def look() -> dict[str, Any] | None:
        holder = server.post("variables/filter")
        ids = {one["value"]["flow_run"] for one in holder if "flow_run" in one["value"]}
        runs = server.flow_runs(name)
        return next(
            (r for r in runs if r["state_name"] == "Running" and r["id"] in ids), None
        )

    return until(f"a window of {name}", look)


def children(server: Server, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.post(
        "flow_runs/filter",
        flow_runs={"parent_flow_run_id": {"any_": [run]}},
        sort="START_TIME_ASC",
    )
    return found


def beats(resident: Deployed) -> list[tuple[float, int]]:
    """When it ticked, and the process."""
    file = resident.folder / "beats"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pairs = (line.split() for line in lines)
    return [(float(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2]


def new_beat(resident: Deployed, pids: set[int]) -> int:
    """The process of the next tick that is made by another one."""

    def look() -> int | None:
        found = beats(resident)
        return found[-1][1] if found and found[-1][1] not in pids else None

    return until("a tick", look)


def rows(server: Server) -> dict[str, int]:
    """What runs leave in Prefect's database, in rows by table."""
    tables = "flow_run", "flow_run_state", "task_run", "task_run_state", "log", "events"
    path = server.home / "prefect.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        present = {
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master").fetchall()
        }
        counts = {}
        for table in tables:
            if table in present:
                scheduled = (
                    " WHERE state_type IS NOT 'SCHEDULED'"
                    if table == "flow_run"
                    else " WHERE type IS NOT 'SCHEDULED'"
                    if table == "flow_run_state"
                    # Workers tell that they live, the scheduler that it plans.
                    else " WHERE event LIKE 'prefect.%-run.%'"
                    " AND event NOT LIKE '%Scheduled'"
                    if table == "events"
                    else ""
                )
                query = f"SELECT count(*) FROM {table}{scheduled}"
                counts[table] = database.execute(query).fetchone()[0]
    return counts


def test_an_idle_tick_leaves_nothing_and_one_with_work_is_a_run(
    server: Server,
    resident: Deployed,
    worker: Background,
    only: Callable[[str], None],
    helpdesk: SqliteTicketSystem,
) -> None:
    only("triage")
    tickets = {put(helpdesk, "Your invoice"): "Billing", put(helpdesk, "printer"): "IT"}
    for ticket, queue in tickets.items():
        moved(helpdesk, ticket, queue)

    # From the middle of a window, so that none begins or ends meanwhile.
    before: dict[str, int] = {}

    def quiet() -> bool | None:
        nonlocal before
        first, before = before, rows(server)
        time.sleep(3)
        return first == before or None

    window = running(server, "triage")
    until("six idle ticks that leave nothing", quiet)

    done = server.ended(window["id"])
    assert done["state_type"] == "COMPLETED"
    assert int(done["state"]["message"].split()[0]) >= 6

    found = [
        run for w in server.flow_runs("triage") for run in children(server, w["id"])
    ]
    assert [run["state_name"] for run in found] == ["Completed", "Completed"]
    for run in found:
        # What the probe found is a task's result, too.
        steps = server.task_runs(run["id"], 4)
        assert {n: s["state_name"] for n, s in steps.items()} == dict.fromkeys(
            ("fetch", "ticket", "classify", "update"), "Completed"
        )
        assert run["parameters"] == {"queue": "Incoming"}
    with closing(sqlite3.connect(server.home / "prefect.db")) as database:
        dump = "\n".join(database.iterdump())
    assert "triage tick" in dump
    assert BODY not in dump
    assert "Your invoice" not in dump


def test_windows_follow_each_other_and_never_tick_at_once(
    server: Server,
    resident: Deployed,
    worker: Background,
    only: Callable[[str], None],
) -> None:
    only("beats")
    pids: set[int] = set()
    for _ in range(3):
        pids.add(new_beat(resident, pids))
    time.sleep(2)
    only("")
    found = [beat for beat in beats(resident) if beat[1] in pids]
    processes = [pid for pid, _ in groupby(pid for _, pid in found)]
    assert len(processes) == len(set(processes)) == 3
    # Half a second where nothing else goes on; a new process alone would take more.
    assert max(late[0] - early[0] for early, late in pairwise(found)) < 30


def test_a_killed_process_is_followed_by_the_next_window(
    server: Server,
    resident: Deployed,
    worker: Background,
    only: Callable[[str], None],
) -> None:
    only("beats")
    known = {pid for _, pid in beats(resident)}
    pid = new_beat(resident, known)
    window = running(server, "beats")
    os.kill(pid, signal.SIGKILL)
    assert server.ended(window["id"])["state_name"] == "Crashed"
    assert new_beat(resident, known | {pid}) != pid


def test_nothing_is_lost_when_the_worker_is_killed_too(
    server: Server,
    resident: Deployed,
    only: Callable[[str], None],
    helpdesk: SqliteTicketSystem,
) -> None:
    first = start_worker(server)
    try:
        only("triage")
        window = running(server, "triage")
    finally:
        # Its whole session: the worker and the process of the flow.
        first.kill()
    ticket = put(helpdesk, "Another invoice")
    second = start_worker(server)
    try:
        moved(helpdesk, ticket, "Billing")
        # Nobody was left to say so, so the next window did.
        ended = server.ended(window["id"])
        assert ended["state_name"] == "Crashed"
        assert ended["state"]["message"].startswith("Its process is gone")
    finally:
        second.end()


@pytest.mark.parametrize("how", ["cancelled", "terminated"])
def test_stopping_is_prompt(
    server: Server,
    resident: Deployed,
    worker: Background,
    only: Callable[[str], None],
    how: str,
) -> None:
    only("beats")
    pid = new_beat(resident, {pid for _, pid in beats(resident)})
    window = running(server, "beats")
    only("")
    begun = time.time()
    if how == "cancelled":
        run = f"flow_runs/{window['id']}/set_state"
        server.post(run, state={"type": "CANCELLING", "name": "Cancelling"})
    else:
        os.kill(pid, signal.SIGTERM)
    ended = server.ended(window["id"])
    assert ended["state_name"] == {"cancelled": "Cancelled"}.get(how, "Crashed")
    last = max(moment for moment, each in beats(resident) if each == pid)
    # Two seconds where nothing else goes on.
    assert last - begun < 10
    # The next one has its place soon, not when the lease of the last one runs out, also
    # where Prefect lets a signal end the process before anything is given back.
    server.run_now("beats")
    new_beat(resident, {each for _, each in beats(resident)})
    taken = next(moment for moment, _ in beats(resident) if moment > last)
    second = running(server, "beats")
    assert second["id"] != window["id"]
    started = datetime.fromisoformat(second["start_time"]).timestamp()
    assert taken - max(started, begun) < 20


def test_what_is_broken_is_told_now_and_then_and_without_credentials(
    server: Server,
    resident: Deployed,
    worker: Background,
    only: Callable[[str], None],
) -> None:
    only("refused")
    window = server.ended(running(server, "refused")["id"])
    assert window["state_name"] == "Failed"
    reason = (
        "step `refused` failed: ConnectionError: refused: *** "
        "[runner `refused`, config.yml:46]"
    )
    assert window["state"]["message"].endswith(f"the last one: {reason}")
    found = children(server, window["id"])
    assert {run["state"]["message"] for run in found} == {reason}
    # With pauses of 1, 2, 4, 8 s in between.
    assert 1 <= len(found) <= 6
    with closing(sqlite3.connect(server.home / "prefect.db")) as database:
        dump = "\n".join(database.iterdump())
    assert "refused: ***" in dump
    assert TOKEN not in dump
