"""The end of a worker with runs under way: Prefect's own, and one that waits."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from server_process import Server, until
from worker_project import ENGINE, Project, Worker

from background import Background
from otac.local.descendants import lives

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def deployed(project: Project) -> None:
    for name in ("waits", "quick", "stubborn"):
        project.deploy(name)


@pytest.fixture
def ending(project: Project) -> Iterator[list[Worker]]:
    """Workers that a test has started."""
    started: list[Worker] = []
    yield started
    for one in started:
        one.end()


def _told(worker: Worker) -> None:
    os.kill(worker.process.pid, signal.SIGTERM)


def _gone(worker: Worker) -> None:
    until("the worker to end", lambda: worker.process.status is not None or None)
    assert worker.process.status == 0, worker.log.read_text()[-3000:]


@pytest.mark.parametrize("options", [(), ("--cold",)])
def test_it_takes_no_new_runs_and_waits_for_those_it_has(
    project: Project, ending: list[Worker], options: tuple[str, ...]
) -> None:
    worker = project.worker("--grace=200", *options)
    ending.append(worker)
    run = project.server.run_now("waits", seconds=12)
    project.noted(run, "waits")
    _told(worker)
    worker.says("told to stop")
    late = project.server.run_now("quick")
    assert project.server.ended(run)["state_name"] == "Completed"
    _gone(worker)
    assert project.state(late) in ("Scheduled", "Late")
    project.server.post(f"flow_runs/{late}/set_state", state={"type": "CANCELLED"})


@pytest.mark.parametrize("options", [(), ("--cold",)])
def test_a_run_that_takes_longer_is_ended_and_the_server_knows(
    project: Project, ending: list[Worker], options: tuple[str, ...]
) -> None:
    worker = project.worker("--grace=2", *options)
    ending.append(worker)
    runs = {name: project.server.run_now(name) for name in ("waits", "stubborn")}
    pids = [project.noted(run, name)["pid"] for name, run in runs.items()]
    _told(worker)
    _gone(worker)
    assert not any(map(lives, pids))
    assert {project.state(run) for run in runs.values()} == {"Crashed"}
    hook = project.folder / f"{runs['waits']}.crashed"
    assert hook.exists()


def test_told_twice_it_does_not_wait(project: Project, ending: list[Worker]) -> None:
    worker = project.worker("--grace=3000")
    ending.append(worker)
    run = project.server.run_now("waits")
    project.noted(run, "waits")
    _told(worker)
    worker.says("told to stop")
    _told(worker)
    _gone(worker)
    assert project.state(run) == "Crashed"


def test_without_runs_it_ends_at_once(project: Project, ending: list[Worker]) -> None:
    worker = project.worker("--grace=3000")
    ending.append(worker)
    begin = time.monotonic()
    _told(worker)
    _gone(worker)
    assert time.monotonic() - begin < 120


def test_what_the_plain_worker_does(server: Server, project: Project) -> None:
    """What docs/operations.md says of it: the run is lost, and the server is not told."""
    path = f"{ENGINE.parent}{os.pathsep}{os.environ['PATH']}"
    log = project.folder / "plain.log"
    command = [str(ENGINE.with_name("prefect")), "worker", "start", "-p", project.pool]
    surroundings = {**server.environment, "PATH": path}
    worker = Background(command, Path(server.home), log, surroundings)
    run = server.run_now("waits")
    try:
        noted = project.noted(run, "waits")
        os.kill(worker.pid, signal.SIGTERM)
        until("it to end", lambda: worker.status is not None or None)
        until("its run to end", lambda: not lives(noted["pid"]) or None)
        time.sleep(5)
        assert project.state(run) == "Running"
    finally:
        worker.end()
        server.post(f"flow_runs/{run}/set_state", state={"type": "CANCELLED"})
