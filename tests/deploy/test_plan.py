"""What `otac plan` says, with a server that has what a test gives it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from stand_in import Serve, StandIn

from command import SOUND, Finished, otac
from otac import resources

_SCHEMA = json.loads((resources.folder("schemas") / "plan.schema.json").read_text())


class Memory:
    """A server that keeps the deployments and automations it is told of."""

    def __init__(self, serve: Serve) -> None:
        self.deployments: list[dict[str, Any]] = []
        self.automations: list[dict[str, Any]] = []
        self.server: StandIn = serve(self._answer)

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any] | None:
        match method, path:
            case "POST", "/flows/":
                return 201, {"id": f"flow-{body['name']}"}
            case "POST", "/flows/filter":
                names = body["flows"]["name"]["any_"]
                return 200, [{"id": f"flow-{one}", "name": one} for one in names]
            case "POST", "/deployments/":
                self.deployments = [
                    one for one in self.deployments if one["name"] != body["name"]
                ]
                self.deployments.append({"id": f"id-{body['name']}", **body})
                return 201, self.deployments[-1]
            case "POST", "/deployments/filter":
                return 200, self.deployments
            case "POST", "/automations/":
                self.automations.append({"id": f"id-{body['name']}", **body})
                return 201, self.automations[-1]
            case "POST", "/automations/filter":
                return 200, self.automations
            case "GET", path if path.startswith("/automations/related-to/"):
                owner = unquote(path.rpartition("/")[2])
                own = (x for x in self.automations if x["owner_resource"] == owner)
                return 200, list(own)
            case "DELETE" | "PATCH", _:
                return 204, None
        return None

    def run(self, folder: Path, *arguments: str) -> Finished:
        return otac(*arguments, cwd=folder, PREFECT_API_URL=self.server.url)

    def deploy(self, folder: Path, *options: str) -> Finished:
        options = ("--yes", "--no-import", *options)
        done = self.run(folder, "deploy", "config.yml", *options)
        assert done.status == 0, done.err
        return done

    def plan(self, folder: Path) -> dict[str, Any]:
        done = self.run(folder, "plan", "config.yml", "--format", "json")
        content = json.loads(done.out)
        jsonschema.validate(content, _SCHEMA)
        assert isinstance(content, dict)
        return content


def test_as_json(built: Path, serve: Serve) -> None:
    memory = Memory(serve)
    plan = memory.plan(built)
    assert plan["server"] == memory.server.url
    assert plan["changes"] == [
        {"resource": "deployment", "name": "triage", "action": "create", "fields": []}
    ]
    assert (plan["summary"]["create"], plan["applied"]) == (1, False)
    done = memory.deploy(built, "--format", "json")
    applied = json.loads(done.out)
    jsonschema.validate(applied, _SCHEMA)
    assert (applied["applied"], done.err) == (True, "")
    assert memory.plan(built)["summary"]["in-step"] == 1


def test_lost_runs_are_looked_for_where_signs_of_life_are_known_of(
    built: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(serve)
    memory.deploy(built)
    assert memory.automations == []
    monkeypatch.setenv("PREFECT_RUNNER_HEARTBEAT_FREQUENCY", "30")
    plan = memory.plan(built)
    wanted = {
        f"{plan['project']}: runs whose process is gone": 90,
        f"{plan['project']}: runs that do not start": 900,
    }
    automations = [x for x in plan["changes"] if x["resource"] == "automation"]
    assert {x["name"]: x["action"] for x in automations} == dict.fromkeys(
        wanted, "create"
    )
    memory.deploy(built)
    assert {x["name"]: x["trigger"]["within"] for x in memory.automations} == wanted
    gone = next(x["trigger"] for x in memory.automations if "gone" in x["name"])
    assert gone["after"] == ["prefect.flow-run.heartbeat"]
    assert {"prefect.flow-run.heartbeat", "prefect.flow-run.Stopped"} <= set(
        gone["expect"]
    )
    # Prefect 3.4 starts a run after its first sign of life.
    assert not {"prefect.flow-run.Running", "prefect.flow-run.*"} & set(gone["expect"])
    unstarted = next(x for x in memory.automations if "not start" in x["name"])
    # Each follows the one before and ends the wait that it began.
    taken = {"Pending", "Submitting", "InfrastructurePending"}
    assert set(unstarted["trigger"]["after"]) == {
        f"prefect.flow-run.{name}" for name in taken
    }
    assert memory.plan(built)["summary"]["in-step"] == 3
    # The newest Prefect's name wins, and the numbers follow it.
    monkeypatch.setenv("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "60")
    (change,) = [x for x in memory.plan(built)["changes"] if x["action"] == "change"]
    assert [one["to"] for one in change["fields"] if "within" in one["field"]] == [150]
    # Whoever knows nothing of it takes nothing away.
    monkeypatch.delenv("PREFECT_FLOWS_HEARTBEAT_FREQUENCY")
    monkeypatch.delenv("PREFECT_RUNNER_HEARTBEAT_FREQUENCY")
    assert memory.plan(built)["summary"]["remove"] == 0


def test_a_sign_of_life_is_a_number(
    built: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "soon")
    done = Memory(serve).run(built, "plan", "config.yml")
    assert done.status == 3
    assert "PREFECT_FLOWS_HEARTBEAT_FREQUENCY is not a number" in done.err


def test_as_text(built: Path, serve: Serve) -> None:
    memory = Memory(serve)
    memory.deploy(built)
    memory.deployments[0]["description"] = "mine"
    memory.deployments[0]["tags"].append("mine")
    memory.deployments.append({**memory.deployments[0], "name": "old", "flow_id": "x"})
    done = memory.run(built, "plan", "config.yml")
    assert done.status == 2
    owner = memory.deployments[0]["labels"]["otac.project"]
    assert (
        done.out
        == f"""\
{memory.server.url} (from the environment), project `{owner}`

  ! deployment triage: drifted: changed on the server since otac deployed it
      description: "mine" -> "Runner `triage`: started by hand." (by hand)
      tags: ["open-ticket-ai", "triage", "mine"] -> ["open-ticket-ai", "triage"] (by hand)
  ? deployment old: orphaned: otac made it, and the configuration no longer has it

1 drifted, 1 orphaned
"""
    )


def test_both_at_once_are_told_apart(built: Path, serve: Serve) -> None:
    """One field was changed by hand, the other one in the configuration."""
    memory = Memory(serve)
    memory.deploy(built)
    memory.deployments[0]["enforce_parameter_schema"] = False
    (built / "config.yml").write_text(f"{SOUND}      description: new\n", "utf-8")
    assert otac("build", "-q", "config.yml", cwd=built).status == 0
    (change,) = memory.plan(built)["changes"]
    assert change["action"] == "drifted"
    assert {one["field"]: one["by_hand"] for one in change["fields"]} == {
        "version": False,
        "description": False,
        "enforce_parameter_schema": True,
    }


def test_projects_without_a_name_do_not_prune_each_other(
    built: Path, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Both have the name that a project has without having been given one."""
    other = tmp_path_factory.mktemp("other")
    (other / "config.yml").write_text(SOUND.replace("triage", "sales"), "utf-8")
    assert otac("build", "-q", "config.yml", cwd=other).status == 0
    memory = Memory(serve)
    memory.deploy(built)
    memory.deploy(other, "--prune")
    assert [one["name"] for one in memory.deployments] == ["triage", "sales"]
    assert memory.plan(other)["summary"]["orphaned"] == 0


def test_nothing_is_written(built: Path, serve: Serve) -> None:
    memory = Memory(serve)
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    memory.plan(built)
    assert memory.server.writes == []
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


@pytest.mark.parametrize("unwanted", ["prefect", "pydantic"])
def test_a_plan_imports_no(unwanted: str, built: Path, serve: Serve) -> None:
    script = (
        "import sys\n"
        "from otac.cli import main\n"
        "status = main(['plan', 'config.yml'])\n"
        f"sys.exit(status != 2 or {unwanted!r} in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=built,
        env={**os.environ, "PREFECT_API_URL": serve().url},
        check=False,
    )
    assert done.returncode == 0


def test_labels_of_other_people_stay(built: Path, serve: Serve) -> None:
    memory = Memory(serve)
    memory.deploy(built)
    memory.deployments[0]["labels"] |= {"team": "b", "prefect.flow.id": "x"}
    memory.deployments[0]["description"] = "mine"
    memory.deploy(built)
    labels = memory.deployments[0]["labels"]
    assert labels["team"] == "b"
    assert set(labels) == {"team", "otac.project", "otac.applied", "otac.started-by"}
