"""Every snippet of the guide, adapted in its import line only, on a real Prefect."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program import Program

import guide
from background import until
from otac.local.server import PrefectServer
from prefect_api import Api

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery staple"
INJECTOR = "from injector import Injector\ninjector = Injector()"


@pytest.fixture(autouse=True)
def forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test has its deployments to itself: a run that stays Pending keeps the next
    one of its deployment from beginning."""
    yield
    if "server" in request.fixturenames:
        server: PrefectServer = request.getfixturevalue("server")
        for one in ask(server, "deployments/filter", {}):
            Api(server.api.url).delete(f"deployments/{one['id']}")


def environment(server: PrefectServer) -> dict[str, str]:
    return {**server.environment, "ACME_PASSWORD": PASSWORD}


def ask(server: PrefectServer, path: str, body: dict[str, Any] | None = None) -> Any:
    api = Api(server.api.url)
    return api.get(path) if body is None else api.post(path, **body)


def runs(server: PrefectServer, deployment: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(
        server,
        "flow_runs/filter",
        {"deployments": {"name": {"any_": [deployment]}}},
    )
    return found


def completed(server: PrefectServer, deployment: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found = runs(server, deployment)
        return next((one for one in found if one["state_type"] == "COMPLETED"), None)

    return until(f"a run of {deployment}", look)


def test_basic_usage(server: PrefectServer, project: Path) -> None:
    """Scheduled runs until Ctrl-C; what is served has what `prefect.yaml` says."""
    text = guide.script(INJECTOR, guide.BASIC, "print('returned')")
    with Program(project, text, environment(server)) as program:
        run = completed(server, "ticket_processor")
        # Of a run that was scheduled beforehand, Prefect can be a quarter of an hour
        # late with what it triggers; of one that somebody asks for it is not.
        deployment = ask(server, "deployments/name/my_pipe/my_pipe")
        body = {"state": {"type": "SCHEDULED"}}
        ask(server, f"deployments/{deployment['id']}/create_flow_run", body)
        completed(server, "called")
        program.interrupt()
        assert program.ended() == 0, program.log
    assert program.log.endswith("returned\n")
    assert run["auto_scheduled"] is True
    assert run["parameters"] == {"greeting": "hello"}
    # The first run had one attempt too many.
    assert len((project / "attempts").read_text()) >= 2
    deployments = {one["name"]: one for one in ask(server, "deployments/filter", {})}
    served = deployments["ticket_processor"]
    (schedule,) = served["schedules"]
    assert schedule["schedule"]["interval"] == 10
    assert schedule["slug"] == "schedule"
    assert served["paused"] is True
    assert served["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    # What was only just taken may stay Pending: Prefect's runner ends without giving it back.
    for run in runs(server, "ticket_processor"):
        assert run["state_type"] != "RUNNING"


def test_example_of_the_api_reference(server: PrefectServer, project: Path) -> None:
    """`run` returns when it is interrupted, and another method can be called."""
    imports = (
        "from otac.orchestrator import AppConfig, PipeFactory, PrefectOrchestrator\n"
        'app_config = AppConfig("config.yml")\n'
        "pipe_factory = PipeFactory(app_config)\n"
    )
    text = guide.script(imports, guide.EXAMPLE, "print(result)")
    with Program(project, text, environment(server)) as program:
        until("a run", lambda: (project / "ran").exists() or None)
        program.interrupt()
        assert program.ended() == 0, program.log
    assert program.log.endswith("{'my_pipe': {'value': '28 characters'}}\n")


def test_one_time_execution(server: PrefectServer, project: Path) -> None:
    text = guide.script(INJECTOR, guide.PREFECT, guide.ONE_TIME)
    with Program(project, text, environment(server)) as program:
        assert program.ended() == 0, program.log
    assert program.log.endswith(
        "Result: {'greet': {'value': 'hello'}, 'flaky': {'calls': 2}, "
        "'ran': {'value': None}}\n"
    )


def test_schedules(server: PrefectServer, project: Path) -> None:
    make = (
        "deployment = await execute_scheduled_pipe_flow.to_deployment(\n"
        '    name="a", **deployment_params\n'
        ")\n"
        "print(repr(deployment.schedules[0].schedule))\n"
    )
    text = guide.script(
        "from datetime import timedelta",
        "from otac.orchestrator import execute_scheduled_pipe_flow",
        "deployment_params = {}",
        guide.INTERVAL,
        make,
        "deployment_params = {}",
        guide.CRON,
        make,
    )
    with Program(project, text, environment(server)) as program:
        assert program.ended() == 0, program.log
    first, second = program.log.splitlines()[-2:]
    assert "IntervalSchedule(interval=datetime.timedelta(seconds=300)" in first
    assert "CronSchedule(cron='0 */6 * * *'" in second


def test_custom_deployment(server: PrefectServer, project: Path) -> None:
    """Parameters name the configuration and the runner, and hold nothing of it."""
    names = (
        "from otac.orchestrator import AppConfig, PipeFactory, RunnerDefinition, serve\n"
        'my_pipe_factory = PipeFactory(AppConfig("config.yml"))\n'
        'my_runner_definition = RunnerDefinition("my_pipe")\n'
    )
    text = guide.script(names, guide.CUSTOM)
    with Program(project, text, environment(server)) as program:
        path = "deployments/name/execute_scheduled_pipe/custom_processor"

        def look() -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = ask(server, path)
            except OSError:
                return None
            return found

        deployment = until("the deployment", look)
        body = {"state": {"type": "SCHEDULED"}}
        ask(server, f"deployments/{deployment['id']}/create_flow_run", body)
        run = completed(server, "custom_processor")
        program.interrupt()
        program.ended()
    assert deployment["tags"] == ["custom", "high-priority"]
    assert deployment["schedules"][0]["schedule"]["interval"] == 900
    assert run["parameters"] == {
        "pipe_factory": {"app_config": {"path": "config.yml"}},
        "definition": {"pipe_id": "my_pipe"},
    }
    # The runner's own flow ran below it, and its step is a task.
    below = ask(
        server,
        "flow_runs/filter",
        {"flow_runs": {"parent_flow_run_id": {"any_": [run["id"]]}}},
    )
    assert [one["state_name"] for one in below] == ["Completed"]
    assert PASSWORD not in json.dumps([deployment, run, below])


def test_existing_code_on_apscheduler(
    project: Path, serverless: dict[str, str]
) -> None:
    text = guide.script(
        INJECTOR, guide.APSCHEDULER, "await orchestrator.run()\nprint('returned')"
    )
    with Program(project, text, serverless) as program:
        program.wait_for("ticket_processor: Completed")
        until("the follower", lambda: (project / "followed").exists() or None)
        program.interrupt()
        assert program.ended() == 0, program.log
    assert program.log.endswith("returned\n")
    # One failure, and the second attempt of the same run.
    assert (project / "ran").exists()
    assert (
        "step `flaky`: ValueError: boom 1 [runner `ticket_processor`, config.yml:"
        in program.log
    )
