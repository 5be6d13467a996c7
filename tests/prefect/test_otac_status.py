"""`otac status` of a real server that has run something."""

import json
from typing import Any

import pytest
from fleet_project import Fleet

from background import until

pytestmark = pytest.mark.slow


def _status(fleet: Fleet) -> dict[str, dict[str, Any]]:
    done = fleet.otac("status", "--format", "json")
    assert (done.status, done.err) == (0, "")
    told = json.loads(done.out)
    return {one["runner"]: one for one in told["runners"]} | {"": told}


def test_runs_that_are_over_due_and_failed(fleet: Fleet) -> None:
    """Of the runs, one completes, one fails at a line, one waits for its hour."""
    text = (fleet.folder / "config.yml").read_text("utf-8")
    assert "collision" in text
    fleet.edit(
        "    - pipe_id: fleet_second\n      interval_seconds: 1h\n      active: false\n",
        "    - {pipe_id: fleet_fails, retries: 0, pipe: {steps: [{id: bad, use: "
        "Expression, expression: \"{{ fail('no good') }}\"}]}}\n"
        "    - pipe_id: fleet_second\n      interval_seconds: 1h\n",
    )
    before = _status(fleet)
    assert not any(one["deployed"] for name, one in before.items() if name)
    fleet.deploy("--select", "fleet_f*,fleet_second")
    assert set(fleet.deployments()) == {"fleet_first", "fleet_fails", "fleet_second"}
    worker = fleet.server.start(
        fleet.folder, "prefect", "worker", "start", "--pool", "fleet", FLEET_KEY="k"
    )
    try:
        for name in ("fleet_first", "fleet_fails"):
            path = f"deployments/{fleet.deployments()[name]['id']}/create_flow_run"
            fleet.server.post(path)

        def over() -> dict[str, dict[str, Any]] | None:
            now = _status(fleet)
            runs = [now[name]["last_run"] for name in ("fleet_first", "fleet_fails")]
            ended = [run and run["type"] in ("COMPLETED", "FAILED") for run in runs]
            return now if all(ended) and now["fleet_second"]["next_run"] else None

        now = until("two runs", over)
    finally:
        worker.end()
    assert now["fleet_first"]["last_run"]["type"] == "COMPLETED"
    failed = now["fleet_fails"]["last_failure"]
    assert "no good" in failed["message"]
    line = next(
        number
        for number, line in enumerate(
            (fleet.folder / "config.yml").read_text("utf-8").splitlines(), 1
        )
        if "fleet_fails" in line
    )
    assert failed["place"] == f"config.yml:{line}"
    assert now["fleet_fails"]["failures_in_24_hours"] == 1
    assert not now["fleet_listens"]["deployed"]
    (pool,) = now[""]["work_pools"]
    assert (pool["name"], pool["workers_alive"]) == ("fleet", 1)
    done = fleet.otac("status")
    assert f"  fleet_fails  config.yml:{line}: " in done.out


def test_a_selection_leaves_the_rest_alone(fleet: Fleet) -> None:
    """Neither made nor changed nor removed: others, orphans, notifications."""
    fleet.deploy()
    before, automations = fleet.deployments(), fleet.automations()
    fleet.edit("pipe_id: fleet_described\n", "pipe_id: fleet_new\n")
    plan = fleet.otac("plan", "--select", "fleet_new", "--format", "json")
    changes = json.loads(plan.out)["changes"]
    assert [(one["name"], one["action"]) for one in changes] == [
        ("fleet_new", "create")
    ]
    fleet.deploy("--select", "fleet_new", "--prune")
    after = fleet.deployments()
    assert after.pop("fleet_new")
    assert after == before
    assert fleet.automations() == automations
    assert fleet.otac("deploy", "--select", "fleet_neww", "--yes").status == 2
