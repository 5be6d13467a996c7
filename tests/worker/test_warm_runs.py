"""Runs that start warm do what runs do: each test is a row of what is hard about forking."""

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from server_process import Server, until
from worker_project import Project, Worker, is_warm

from otac.local.descendants import children, lives

pytestmark = pytest.mark.slow

FLOWS = ("quick", "ends", "waits", "awaits", "retried", "many", "lingers", "suspends")


@pytest.fixture(scope="module", autouse=True)
def deployed(project: Project) -> None:
    for name in FLOWS:
        project.deploy(name)
    project.deploy("verbose", flow="quick", env={"PREFECT_LOGGING_LEVEL": "DEBUG"})
    project.deploy("elsewhere", flow="quick", env={"TZ": "Asia/Tokyo"})


def _template(worker: Worker) -> int:
    (found,) = [pid for pid in children(worker.process.pid) if _is_template(pid)]
    return found


def _is_template(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text() == "otac-template\n"
    except OSError:
        return False


def _ended(project: Project, run: str) -> tuple[str, str]:
    ended = project.server.ended(run)
    return ended["state_name"], ended["state"]["message"] or ""


def test_the_first_is_forked_from_what_becomes_the_worker(worker: Worker) -> None:
    """Both have Prefect in memory once: each has less of it to itself than half."""
    template = _template(worker)
    pids = worker.process.pid, template
    lines = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids]
    assert lines[0] == lines[1]
    rollup = Path(f"/proc/{template}/smaps_rollup").read_text()
    kilobytes = {
        line.split()[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]
    }
    assert kilobytes["Private_Dirty:"] < kilobytes["Rss:"] / 2


def test_runs_one_after_the_other_and_many_at_once(
    server: Server, project: Project, worker: Worker
) -> None:
    """Every line of their logs is there, and the template is as it was."""
    runs = [server.run_now("quick", lines=50) for _ in range(12)]
    for run in runs:
        assert _ended(project, run) == ("Completed", "")
        assert is_warm(project.noted(run, "quick"))

    def all_lines() -> bool | None:
        said = project.logs(runs[0])
        wanted = [*(f"line {n} of quick" for n in range(50)), "last line of quick"]
        return [one for one in said if "of quick" in one] == wanted or None

    until("the last line", all_lines)
    template = _template(worker)
    until("the template to be alone", lambda: not children(template) or None)
    assert len(list(Path(f"/proc/{template}/task").iterdir())) == 1
    assert len(list(Path(f"/proc/{template}/fd").iterdir())) < 12


@pytest.mark.parametrize(
    ("how", "state", "message"),
    [
        ("exit", "Crashed", "status code:? 3\\b"),
        ("sys.exit", "Crashed", "system exit|status code:? 5"),
        ("segfault", "Crashed", "status code:? -11"),
        ("killed", "Crashed", "status code:? -9"),
        ("error", "Failed", "as it was asked to"),
    ],
)
def test_a_run_that_ends_by_itself(
    project: Project, worker: Worker, how: str, state: str, message: str
) -> None:
    run = project.server.run_now("ends", how=how)
    ended = _ended(project, run)
    assert is_warm(project.noted(run, "ends"))
    assert ended[0] == state
    # In Prefect's own words, which are those for a run that starts cold.
    assert re.search(message, ended[1]), ended[1]


@pytest.mark.parametrize("name", ["waits", "awaits"])
def test_a_run_that_is_cancelled(project: Project, worker: Worker, name: str) -> None:
    run = project.server.run_now(name)
    noted = project.noted(run, name)
    assert is_warm(noted)
    project.server.post(f"flow_runs/{run}/set_state", state={"type": "CANCELLING"})
    assert _ended(project, run)[0] == "Cancelled"
    until("its process to end", lambda: not lives(noted["pid"]) or None)
    until("its hook", lambda: (project.folder / f"{run}.cancelled").exists() or None)
    assert not (project.folder / f"{run}.crashed").exists()


def test_a_run_whose_process_is_killed(project: Project, worker: Worker) -> None:
    run = project.server.run_now("waits")
    os.kill(project.noted(run, "waits")["pid"], signal.SIGKILL)
    assert _ended(project, run)[0] == "Crashed"
    until("its hook", lambda: (project.folder / f"{run}.crashed").exists() or None)


def test_a_run_whose_client_is_killed(project: Project, worker: Worker) -> None:
    run = project.server.run_now("waits")
    noted = project.noted(run, "waits")
    known: dict[str, Any] = project.server.get(f"flow_runs/{run}")
    # Prefect's `host:pid`, or the pid alone.
    client = int(known["infrastructure_pid"].rpartition(":")[2])
    assert client != noted["pid"]
    os.kill(client, signal.SIGKILL)
    assert _ended(project, run)[0] == "Crashed"
    until("its process to end", lambda: not lives(noted["pid"]) or None)


def test_a_template_that_is_killed(project: Project, worker: Worker) -> None:
    """Its runs crash, others do not; the next run starts, and soon another is warm."""
    times = worker.log.read_text(errors="replace").count("runs start warm")
    runs = [project.server.run_now("waits") for _ in range(3)]
    pids = [project.noted(run, "waits")["pid"] for run in runs]
    os.kill(_template(worker), signal.SIGKILL)
    assert {_ended(project, run)[0] for run in runs} == {"Crashed"}
    until("their processes to end", lambda: not any(map(lives, pids)) or None)
    run = project.server.run_now("quick")
    assert _ended(project, run)[0] == "Completed"
    worker.says("runs start warm", times + 1)
    run = project.server.run_now("quick")
    assert is_warm(project.noted(run, "quick"))


def test_a_run_that_is_tried_again(project: Project, worker: Worker) -> None:
    run = project.server.run_now("retried")
    assert _ended(project, run)[0] == "Completed"
    assert project.noted(run, "retried")["attempt"] == 2


def test_a_run_that_is_suspended_and_resumed(project: Project, worker: Worker) -> None:
    run = project.server.run_now("suspends")
    until("it to be suspended", lambda: project.state(run) == "Suspended" or None)
    project.server.post(f"flow_runs/{run}/resume")
    assert _ended(project, run)[0] == "Completed"


def test_processes_threads_and_changes_of_its_own(
    project: Project, worker: Worker
) -> None:
    """What it does to its process is done to no other run."""
    run = project.server.run_now("many")
    assert _ended(project, run) == ("Completed", "")
    after = project.server.run_now("quick")
    assert _ended(project, after)[0] == "Completed"
    assert is_warm(project.noted(after, "quick"))


def test_a_process_that_a_run_leaves_behind(project: Project, worker: Worker) -> None:
    run = project.server.run_now("lingers")
    assert _ended(project, run)[0] == "Completed"
    template = _template(worker)
    until("the template to be alone", lambda: not children(template) or None)


def test_the_log_level_of_a_deployment(project: Project, worker: Worker) -> None:
    run = project.server.run_now("verbose")
    assert _ended(project, run)[0] == "Completed"
    noted = project.noted(run, "quick")
    assert (noted["level"], is_warm(noted)) == ("DEBUG", True)
    until("it", lambda: "a line for debugging" in project.logs(run) or None)


def test_other_settings_start_cold_and_the_log_says_why(
    project: Project, worker: Worker
) -> None:
    run = project.server.run_now("elsewhere")
    assert _ended(project, run)[0] == "Completed"
    assert not is_warm(project.noted(run, "quick"))
    worker.says("this run starts cold: `TZ` is not what the worker has")


def test_changed_code_is_run_at_once(project: Project, worker: Worker) -> None:
    flows = project.folder / "flows.py"
    text = flows.read_text()
    for number in (2, 3):
        flows.write_text(text.replace("CHANGED = 1\n", f"CHANGED = {number}\n"))
        run = project.server.run_now("quick")
        assert _ended(project, run)[0] == "Completed"
        noted = project.noted(run, "quick")
        assert (noted["changed"], is_warm(noted)) == (number, True)


def test_a_plain_worker_starts_such_a_run_cold(
    server: Server, project: Project, worker: Worker
) -> None:
    pool = f"{project.pool}-plain"
    plain = Project.made(server, project.folder, pool)
    plain.deploy("plain", flow="quick")
    start = "prefect", "worker", "start", "--pool", pool
    path = f"{worker.engine.parent}:{os.environ['PATH']}"
    process = server.start(server.home, *start, PATH=path)
    try:
        run = server.run_now("plain")
        assert _ended(plain, run)[0] == "Completed"
        assert not is_warm(plain.noted(run, "quick"))
    finally:
        process.end()
    log = (server.home / "prefect-worker.log").read_text()
    assert "its worker was not started by `otac worker start`" in log


def test_nothing_is_left_of_a_worker_that_is_killed(project: Project) -> None:
    """Its template goes; the log of the other worker is not its own."""
    worker = project.worker("--name", "killed")
    template = _template(worker)
    os.kill(worker.process.pid, signal.SIGKILL)
    until("its template to end", lambda: not lives(template) or None)
