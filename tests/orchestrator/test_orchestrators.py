"""What the guide leaves open: failures, ends, and projects without a server."""

import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program import Program

import guide
from background import until
from otac.local.descendants import lives
from otac.local.server import PrefectServer

TASK = """
from otac.orchestrator import RunFailed, execute_pipe_task, execute_scheduled_pipe_flow
from prefect import flow

@flow
async def mine():
    context = await execute_pipe_task("config.yml", {"greeting": "hi"}, {"a": 1}, "ticket_processor")
    print(context)
    state = await execute_pipe_task("config.yml", {}, context, "failing", return_state=True)
    print(repr(state.message))

await mine()

told = []
def send_notification(flow, flow_run, state):
    told.append(state.message)

told_of = execute_scheduled_pipe_flow.with_options(on_failure=[send_notification])
state = await told_of("config.yml", "failing", return_state=True)
print(state.name, told)
state = await told_of("config.yml", "stopping", return_state=True)
print(state.name, state.message, len(told))
"""


@pytest.mark.slow
def test_pipes_as_tasks_and_flows(server: PrefectServer, project: Path) -> None:
    """A step has the attempts of the configuration, and no others around them."""
    with Program(project, guide.script(TASK), server.environment) as program:
        assert program.ended() == 0, program.log
    assert (
        "{'a': 1, 'greet': {'value': 'hi'}, 'flaky': {'calls': 2}, "
        "'ran': {'value': None}}\n"
    ) in program.log
    reason = "step `failing` failed after 3 attempts: ValueError: boom 3"
    assert reason in program.log
    assert (
        "Failed ['failing: step `failing` failed after 3 attempts: ValueError: boom 6"
        in program.log
    )
    assert "Stopped no more 1" in program.log
    # Three for the task, three for the flow.
    assert (project / "failing").read_text() == "x" * 6


OWN = """
from otac.orchestrator import PrefectOrchestrator, RunFailed
orchestrator = PrefectOrchestrator("config.yml")
await orchestrator.start()
await orchestrator.start()
print("url", orchestrator.api_url)
try:
    await orchestrator.run_once("failing")
except RunFailed as failed:
    print(failed.state, failed.reason)
print("stop")
await orchestrator.stop()
await orchestrator.stop()
print("stopped")
"""
OWN_RUN = """
from otac.orchestrator import PrefectOrchestrator
await PrefectOrchestrator("config.yml").run()
"""


@pytest.fixture
def unset(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who has set up no Prefect."""
    home = tmp_path_factory.mktemp("fresh")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return {
        **kept,
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
    }


@pytest.mark.slow
def test_a_server_of_the_projects_own(project: Path, unset: dict[str, str]) -> None:
    with Program(project, guide.script(OWN), unset) as program:
        program.wait_for("url http://127.0.0.1:")
        below = program.below
        assert len(below) >= 2, "the server, and the process that serves"
        assert program.ended() == 0, program.log
    assert (
        "Failed step `failing` failed after 3 attempts: ValueError: boom 3 [runner "
        in program.log
    )
    assert "stopped\n" in program.log
    assert not any(map(lives, below))
    (home,) = (project / ".otac").glob("prefect-*")
    assert not (home / "server.json").exists()


@pytest.mark.slow
def test_nothing_is_left_when_it_is_killed(
    project: Path, unset: dict[str, str]
) -> None:
    """Also the run that is under way, in a session of its own."""
    config = project / "config.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + "      interval_seconds: 10\n", encoding="utf-8")
    with Program(project, guide.script(OWN_RUN), unset) as program:
        until("a run", lambda: (project / "asleep").exists() or None)
        below = program.below
        program.interrupt(signal.SIGKILL)
        assert program.ended() == -signal.SIGKILL
    until("its processes", lambda: None if any(map(lives, below)) else True)


@pytest.mark.slow
def test_a_run_that_is_under_way_ends_too(project: Path, unset: dict[str, str]) -> None:
    config = project / "config.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + "      interval_seconds: 10\n", encoding="utf-8")
    with Program(project, guide.script(OWN_RUN), unset) as program:
        until("a run", lambda: (project / "asleep").exists() or None)
        program.interrupt(signal.SIGTERM)
        assert program.ended() == 0, program.log
    (home,) = (project / ".otac").glob("prefect-*")
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        states = {row[0] for row in database.execute("select state_type from flow_run")}
    assert "RUNNING" not in states


REFUSED = """
from otac.orchestrator import (
    AppConfig, ConfigurationError, Orchestrator, OrchestratorError, PipeFactory,
)
for path in ("broken.yml", "absent.yml"):
    try:
        await Orchestrator(path).start()
    except ConfigurationError as error:
        print(error)
try:
    await Orchestrator().run_once("my_pip")
except OrchestratorError as error:
    print(error)
try:
    Orchestrator(PipeFactory(AppConfig("a.yml")), AppConfig("b.yml"))
except ValueError as error:
    print(error)
"""


def test_refusals(project: Path, serverless: dict[str, str]) -> None:
    (project / "broken.yml").write_text("orchestrator: {runers: []}\n", "utf-8")
    with Program(project, guide.script(REFUSED), serverless) as program:
        assert program.ended() == 0, program.log
    log = program.log
    assert "error[OTC202]: unknown key `runers`" in log
    assert " --> broken.yml:1:16" in log
    assert "`absent.yml` cannot be read: No such file or directory" in log
    assert "there is no runner `my_pip` in config.yml; did you mean `my_pipe`?" in log
    assert "`a.yml` and `b.yml` are two configurations" in log


ALONE = """
import json
from otac.orchestrator import Orchestrator, RunFailed
orchestrator = Orchestrator()
print(json.dumps(await orchestrator.run_once("ticket_processor", {"greeting": "hi"})))
print(json.dumps(await orchestrator.run_once("stopping")))
for pipe_id in ("failing", "my_pipe"):
    try:
        await orchestrator.run_once(pipe_id)
    except RunFailed as failed:
        print(failed)
"""


def test_runs_without_a_server(project: Path, serverless: dict[str, str]) -> None:
    with Program(project, guide.script(ALONE), serverless) as program:
        assert program.ended() == 0, program.log
    results = [line for line in program.log.splitlines() if line.startswith("{")]
    assert json.loads(results[0])["greet"] == {"value": "hi"}
    assert json.loads(results[0])["flaky"] == {"calls": 2}
    assert json.loads(results[1]) == {}
    assert (
        "failing: Failed: step `failing` failed after 3 attempts: ValueError: boom 3"
        in program.log
    )
    assert "the environment variable `ACME_PASSWORD` is not set" in program.log
