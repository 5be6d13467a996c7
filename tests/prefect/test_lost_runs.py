"""Runs whose process is lost: they end, and are tried again where that was asked for."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fleet_project import Fleet
from server_process import Background, Server, until

from stores import NotHere, Postgres, find_postgres

pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent
# As short as Prefect lets it be; the one is the newest's name, the other the oldest's.
_SIGNS = {
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_RUNNER_HEARTBEAT_FREQUENCY": "30",
}


@pytest.fixture(scope="module")
def database() -> Iterator[str | None]:
    """PostgreSQL's URL; None where there is none here, which leaves SQLite.

    There, an event whose writing met "database is locked" never reaches its automation.
    """
    # Not pytest's folder: PostgreSQL's user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="otac-lost-runs-"))
    folder.chmod(0o755)
    try:
        postgres = Postgres(find_postgres(), folder / "postgres")
    except NotHere:
        yield None
    else:
        try:
            yield postgres.url
        finally:
            postgres.end()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(
    database: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server for the tests here alone."""
    more = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": database} if database else {}
    server = Server(tmp_path_factory.mktemp("home"), **more)
    try:
        server.wait()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def crashes(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """The project in the folder `crashes`, deployed."""
    folder = tmp_path_factory.mktemp("crashes")
    shutil.copytree(_HERE / "crashes", folder, dirs_exist_ok=True)
    fleet = Fleet(server, folder)
    fleet.build()
    command = "deploy", "config.yml", "--yes", "--create-pools"
    done = fleet.otac(*command)
    assert done.status == 0, done.err
    assert fleet.otac("plan", "config.yml").status == 0
    return fleet


@pytest.fixture(scope="module")
def worker(server: Server, crashes: Fleet) -> Iterator[Background]:
    worker = _worker(server)
    try:
        yield worker
    finally:
        worker.end()


def _worker(server: Server) -> Background:
    start = "prefect", "worker", "start", "--pool", "crashes"
    return server.start(server.home, *start, **_SIGNS)


def calls(crashes: Fleet, name: str) -> int:
    file = crashes.folder / "calls" / name
    return file.stat().st_size if file.exists() else 0


def _signs(server: Server, run: str) -> int:
    """How many signs of life have arrived."""
    wanted = {"event": {"name": ["prefect.flow-run.heartbeat"]}}
    found = server.post("events/filter", filter=wanted)["events"]
    resource = f"prefect.flow-run.{run}"
    return sum(one["resource"]["prefect.resource.id"] == resource for one in found)


def _settled(server: Server, run: str, attempts: int) -> dict[str, Any]:
    """The run, when it has begun so often and ended."""

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = server.get(f"flow_runs/{run}")
        final = found["state_type"] in ("COMPLETED", "FAILED", "CRASHED")
        return found if final and found["run_count"] >= attempts else None

    return until(f"attempt {attempts} of run {run}", look)


def test_a_crashed_run_goes_on_at_the_step_that_it_was_in(
    server: Server, crashes: Fleet, worker: Background
) -> None:
    run = _settled(server, server.run_now("resumes"), 2)
    assert (run["state_name"], run["run_count"]) == ("Completed", 2)
    assert calls(crashes, "resumes_once") == 1
    assert calls(crashes, "notes_and_dies") == 2
    assert calls(crashes, "resumes_after") == 1
    # Both attempts had the same key.
    (key,) = (crashes.folder / "calls").glob("key-*")
    assert key.name == f"key-run:{run['id']}-resumes-note"


def test_a_run_that_crashes_each_time_is_given_up(
    server: Server, crashes: Fleet, worker: Background
) -> None:
    run = _settled(server, server.run_now("gives_up"), 3)
    assert run["state_name"] == "Failed"
    reason = "it was begun 2 times, and its process was lost each time"
    assert run["state"]["message"] == reason
    assert calls(crashes, "gives_up") == 2
    # Whoever asks for it gets another attempt; nobody does so before the worker has
    # noticed that the process is over, which 3.4 would take for the end of the new one.
    time.sleep(5)
    state = {"type": "SCHEDULED", "name": "AwaitingRetry"}
    server.post(f"flow_runs/{run['id']}/set_state", state=state)
    until("the attempt", lambda: calls(crashes, "gives_up") == 3 or None)
    _settled(server, run["id"], 5)


def test_without_retries_a_crash_is_the_end(
    server: Server, crashes: Fleet, worker: Background
) -> None:
    run = _settled(server, server.run_now("is_not_tried_again"), 1)
    assert run["state_name"] == "Crashed"
    assert calls(crashes, "is_not_tried_again") == 1


def test_a_run_of_a_lost_machine_is_found_and_tried_again(
    server: Server, crashes: Fleet, worker: Background, database: str | None
) -> None:
    """The worker and all it has started are gone at once, so that nobody tells."""
    if database is None:
        pytest.skip("needs PostgreSQL: on SQLite, Prefect loses some events")
    done = crashes.otac("deploy", "config.yml", "--yes", **_SIGNS)
    assert done.status == 0, done.err
    again = crashes.otac("plan", "config.yml", **_SIGNS)
    assert again.status == 0, again.out
    run = server.run_now("hangs")
    until("its start", lambda: calls(crashes, "hangs_wait") or None)
    until("a sign of life", lambda: _signs(server, run) or None)
    worker.kill()
    assert server.get(f"flow_runs/{run}")["state_name"] == "Running"
    second = _worker(server)
    try:
        # Ninety seconds until the server notices.
        found = _settled(server, run, 2)
    finally:
        second.end()
    assert (found["state_name"], found["run_count"]) == ("Completed", 2)
    assert calls(crashes, "hangs_once") == 1
    states = server.get(f"flow_run_states/?flow_run_id={run}")
    (crashed,) = [one for one in states if one["type"] == "CRASHED"]
    assert crashed["message"] == (
        "There was no sign of life for 90 seconds: its process or its machine is gone."
    )
