"""What Prefect makes of the output; to be run with both ends of the supported range."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from cases import CASES
from otac.emit import emit

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
Read: TypeAlias = Callable[[str], dict[str, Any]]

READ = """
import inspect, json
from pathlib import Path

import yaml
from prefect.cli.deploy import _config, _schedules, _triggers
from prefect.events.schemas.automations import AutomationCore
from prefect.flows import load_flow_from_entrypoint
from rich.console import Console


def call(function, *arguments):
    more = {"console": Console(stderr=True), "is_interactive": lambda: False}
    known = inspect.signature(function).parameters
    return function(*arguments, **{k: v for k, v in more.items() if k in known})


def plain(value):
    return json.loads(json.dumps(value, default=str))


def task(value):
    return [
        value.name,
        value.retries,
        value.retry_delay_seconds,
        value.retry_jitter_factor,
        value.timeout_seconds,
        sorted(value.tags),
    ]


entries, _ = call(_config._load_deploy_configs_and_actions, Path("prefect.yaml"))
found = {}
for entry in entries:
    schedules = call(_schedules._construct_schedules, entry, {})
    specs = entry.get("triggers") or []
    triggers = _triggers._initialize_deployment_triggers(entry["name"], specs)
    flow = load_flow_from_entrypoint(entry["entrypoint"])
    tasks = {n: t for n, t in vars(inspect.getmodule(flow.fn)).items()
             if type(t).__name__ == "Task"}
    found[entry["name"]] = {
        "entry": plain(entry),
        "schedules": [
            {**s, "schedule": s["schedule"].model_dump(mode="json")} for s in schedules
        ],
        "triggers": [t.model_dump(mode="json") for t in triggers],
        "flow": [flow.name, flow.retries, flow.timeout_seconds, flow.persist_result,
                 flow.log_prints, flow.description],
        "parameters": flow.parameters.properties,
        "hooks": [len(hooks) for hooks in (flow.on_completion_hooks,
                  flow.on_failure_hooks, flow.on_crashed_hooks)],
        "tasks": {name: task(value) for name, value in tasks.items()},
    }
path = Path("generated/automations.yaml")
for data in yaml.safe_load(path.read_text())["automations"] if path.exists() else ():
    AutomationCore.model_validate(data)
print("READ", json.dumps(plain(found)))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """What Prefect reads from a case, by deployment; in a process of its own."""

    @cache
    def read(case: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("project")
        output = emit(CASES[case])
        for artifact in output.artifacts:
            target = folder / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(artifact.text.encode())
        shutil.copytree(HERE / "acme", folder / "acme")
        entries = [*output.deployments.deployments]
        file = yaml.safe_dump({**output.deployments.keys, "deployments": entries})
        (folder / "prefect.yaml").write_text(file, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", READ],
            cwd=folder,
            env=os.environ
            | {
                "PREFECT_HOME": str(folder / "home"),
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (line,) = (x for x in done.stdout.splitlines() if x.startswith("READ "))
        found: dict[str, Any] = json.loads(line.removeprefix("READ "))
        return found

    return read


@pytest.mark.parametrize("case", CASES)
def test_every_deployment_is_read(case: str, read: Read) -> None:
    written = emit(CASES[case]).deployments.deployments
    assert [*read(case)] == [entry["name"] for entry in written]
    for entry in written:
        found = read(case)[str(entry["name"])]["entry"]
        for key in ("version", "tags", "parameters", "concurrency_limit", "work_pool"):
            assert found[key] == entry[key]


def test_policies_are_those_of_the_configuration(read: Read) -> None:
    triage = read("triage")["triage"]
    assert triage["tasks"] == {
        "fetch": ["fetch", 2, 30, None, None, []],
        "each_classify": ["each.classify", 2, 30, None, None, []],
        "each_update": ["each.update", 3, [5, 10, 20], None, 20.0, []],
        "each_note": ["each.note", 0, 0, None, None, []],
    }
    assert triage["flow"] == [
        *("triage", 0, None, None, True),
        "Routes new tickets to the team that can answer them.",
    ]


def test_options_of_a_flow(read: Read) -> None:
    nightly = read("every option")["nightly"]
    assert nightly["tasks"]["load_step"] == ["load", 5, 1.5, 0.5, 0.5, ["database"]]
    assert nightly["flow"] == [
        *("nightly", 2, 3600.0, True, True),
        "Cleans up.\n\nAnd tells what it did: {{ flow.name }}.",
    ]
    assert nightly["hooks"] == [1, 2, 1]
    defaults = {name: p["default"] for name, p in nightly["parameters"].items()}
    assert defaults == {
        "limit": 100,
        "queues": ["Incoming", "Returns"],
        "ratio": 0.5,
        "owner": None,
        "note": "{{ not.for.prefect }}",
    }
    assert read("every option")["follow-up"]["flow"][2] == 90.5


def test_schedules(read: Read) -> None:
    found = read("every option")
    berlin, odd, interval, rule = found["nightly"]["schedules"]
    assert berlin["schedule"]["cron"] == "0 2 * * *"
    assert berlin["schedule"]["timezone"] == "Europe/Berlin"
    assert (odd["active"], odd["parameters"], odd["slug"]) == (
        False,
        {"limit": 5},
        "cron-2",
    )
    assert interval["schedule"]["interval"] == 12.5
    assert interval["schedule"]["anchor_date"].startswith("2026-01-01T02:00:00")
    assert interval["slug"] == "interval"
    assert rule["schedule"] == {"rrule": "FREQ=DAILY;BYHOUR=8", "timezone": "UTC"}
    assert found["follow-up"]["schedules"] == []


def test_triggers(read: Read) -> None:
    found = read("every option")
    after, own = found["follow-up"]["triggers"]
    assert sorted(after["expect"]) == [
        "prefect.flow-run.Completed",
        "prefect.flow-run.Stopped",
    ]
    assert after["within"] == 0
    assert own["expect"] == ["acme.tickets.imported"]
    (both,) = found["summary"]["triggers"]
    assert (both["type"], both["require"], len(both["triggers"])) == (
        *("compound", "all"),
        2,
    )
