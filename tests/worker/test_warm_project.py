"""Compiled projects with `prefect.start: warm`, on a worker that runs start warm on."""

import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from server_process import Server, until
from worker_project import Project, Worker

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]
_POOL = "warm-project"
_MORE = """
    - pipe_id: stays
      pipe: {use: CheckEscalations}
      interval_seconds: 1
      window_seconds: 15
    - pipe_id: one_by_one
      pipe: {use: "slowly:wait"}
      concurrency_limit: 1
      collision: enqueue
    - pipe_id: one_alone
      pipe: {use: "slowly:wait"}
      concurrency_limit: 1
      collision: cancel_new
"""
_SLOWLY = """
import time


def wait() -> None:
    time.sleep(6)
"""


@pytest.fixture(scope="module")
def project(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The guide's runners, one that stays, and two with a limit; by `otac deploy`."""
    folder = tmp_path_factory.mktemp("project")
    config = (_ROOT / "config.yml").read_text("utf-8") + _MORE
    start = f"prefect: {{start: warm, work_pool: {_POOL}}}\n"
    (folder / "config.yml").write_text(start + config, "utf-8")
    (folder / "slowly.py").write_text(_SLOWLY)
    shutil.copy(_ROOT / "helpdesk.yml", folder)
    project = Project(server, folder, _POOL)
    _deploy(project)
    return project


def _deploy(project: Project) -> None:
    project.server.run(project.folder, "otac", "build", "config.yml")
    deploy = "otac", "deploy", "config.yml", "--yes", "--create-pools"
    project.server.run(project.folder, *deploy)


@pytest.fixture(scope="module")
def worker(project: Project) -> Iterator[Worker]:
    worker = project.worker(
        # The one is the newest Prefect's name, the other the oldest's.
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY="30",
        PREFECT_RUNNER_HEARTBEAT_FREQUENCY="30",
    )
    try:
        yield worker
    finally:
        worker.end()


def _all_warm(worker: Worker) -> None:
    """All that began once there was a template."""
    _, _, since = worker.log.read_text(errors="replace").partition("runs start warm")
    assert "starts cold" not in since


def test_the_deployments_are_those_that_prefect_makes(project: Project) -> None:
    """`otac deploy` has written the command, and Prefect's own sees nothing to change."""
    deployment = project.server.deployment("ticket_processor")
    assert deployment["job_variables"]["command"] == "otac-engine"
    project.server.run(project.folder, "prefect", "deploy", "--all")
    after = project.server.deployment("ticket_processor")
    assert after["job_variables"] == deployment["job_variables"]


def test_tickets_are_classified(project: Project, worker: Worker) -> None:
    """With the embedded classifier: numpy and its threads are the run's own."""
    for _ in range(2):
        run = project.server.run_now("ticket_processor")
        # Its state is called Stopped where no ticket is left in the queue.
        assert project.server.ended(run)["state_type"] == "COMPLETED"
    _all_warm(worker)


def test_a_resident_runner(project: Project, worker: Worker) -> None:
    def windows() -> bool | None:
        found = project.server.flow_runs("stays")
        return sum(one["state_type"] == "COMPLETED" for one in found) >= 2 or None

    until("two windows", windows)
    deployment = project.server.deployment("stays")["id"]
    project.server.patch(f"deployments/{deployment}", paused=True)
    _all_warm(worker)


def test_limits_of_deployments(project: Project, worker: Worker) -> None:
    runs = [project.server.run_now("one_by_one") for _ in range(3)]
    ended = [project.server.ended(run) for run in runs]
    assert {one["state_name"] for one in ended} == {"Completed"}
    spans = sorted((one["start_time"], one["end_time"]) for one in ended)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    runs = [project.server.run_now("one_alone") for _ in range(3)]
    names = [project.server.ended(run)["state_name"] for run in runs]
    assert sorted(set(names)) == ["Cancelled", "Completed"]


def test_signs_of_life(server: Server, project: Project, worker: Worker) -> None:
    shutil.copy(Path(__file__).parent / "flows" / "flows.py", project.folder)
    project.deploy("waits")
    run = server.run_now("waits", seconds=50)
    assert server.ended(run)["state_name"] == "Completed"
    wanted = {"event": {"name": ["prefect.flow-run.heartbeat"]}}

    def look() -> dict[str, Any] | None:
        found = server.post("events/filter", filter=wanted)["events"]
        resource = f"prefect.flow-run.{run}"
        ours = (
            one for one in found if one["resource"]["prefect.resource.id"] == resource
        )
        return next(ours, None)

    until("a sign of life", look)


def test_code_from_a_git_repository(
    server: Server, project: Project, worker: Worker, tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        who = "-c", "user.name=otac", "-c", "user.email=otac@example.com"
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)

    (tmp_path / "config.yml").write_text(
        f"""
prefect:
  name: from_git
  start: warm
  work_pool: {_POOL}
  pull:
    - prefect.deployments.steps.git_clone:
        repository: file://{tmp_path}
        branch: main
orchestrator:
  runners:
    - pipe_id: from_git
      pipe: {{use: CheckEscalations}}
"""
    )
    git("init", "-q", "-b", "main")
    server.run(tmp_path, "otac", "build", "config.yml")
    git("add", ".")
    git("commit", "-q", "-m", "All of it")
    _deploy(Project(server, tmp_path, _POOL))
    run = server.run_now("from_git")
    assert server.ended(run)["state_name"] == "Completed"
    _all_warm(worker)
