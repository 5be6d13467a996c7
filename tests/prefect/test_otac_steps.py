"""Which build, push and pull steps a deployment has, asked of Prefect itself.

Once for entries and roots of every kind, and once for what `otac build` writes into
somebody's `prefect.yaml`, deployed both ways and run.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import prefect
import pytest
import yaml
from fleet_project import POOL, lasting
from server_process import Server

from otac.output.step_rule import STEPS, steps_of

pytestmark = pytest.mark.slow

_OLD = prefect.__version__ == "3.4.20"
_ABSENT: Any = object()
_FLOW = """\
from prefect import flow
from marks import mark

mark("deploy {name}")


@flow(name="{name}")
def {name}() -> None:
    pass
"""
_MARKS = """\
from pathlib import Path


def mark(text: str) -> dict[str, str]:
    with Path("marks").open("a") as file:
        file.write(text + "\\n")
    return {"marked": text}
"""


def _marking(text: str) -> list[dict[str, Any]]:
    return [{"marks.mark": {"text": text}}]


def _stated(where: str, state: Any) -> dict[str, Any]:
    """The three keys in one state; `here` for a step that marks its kind and place."""
    if state is _ABSENT:
        return {}
    return {
        step: _marking(f"{step} of the {where}") if state == "here" else state
        for step in STEPS
    }


@pytest.mark.parametrize("at_root", [_ABSENT, None, [], "here"])
def test_what_counts_is_what_prefect_takes(
    at_root: Any, server: Server, tmp_path: Path
) -> None:
    root = _stated("root", at_root)
    # An empty step, too: it is what keeps a step of the root away.
    states = {"absent": _ABSENT, "null": None, "list": [], "map": {}, "here": "here"}
    entries = {name: _stated("entry", state) for name, state in states.items()}
    entries["skipped"] = {step: [{}] for step in STEPS}
    kind = {"deployments": []} | root
    for name, entry in entries.items():
        (tmp_path / f"{name}.py").write_text(_FLOW.format(name=f"counts_{name}"))
        kind["deployments"].append(
            {
                "name": f"counts_{name}",
                "entrypoint": f"{name}.py:counts_{name}",
                "work_pool": {"name": POOL},
                **entry,
            }
        )
    (tmp_path / "marks.py").write_text(_MARKS)
    (tmp_path / "prefect.yaml").write_text(yaml.safe_dump(kind, sort_keys=False))
    server.run(tmp_path, "prefect", "deploy", "--all")
    ran = _by_deployment((tmp_path / "marks").read_text())
    for name, entry in entries.items():
        texts = [
            step["marks.mark"]["text"]
            for which in ("build", "push")
            for step in steps_of(which, root, entry)
        ]
        assert ran[f"counts_{name}"] == texts, name
        found = server.deployment(f"counts_{name}")
        stored = [one for one in found["pull_steps"] or [] if one]
        expected: list[Any] = steps_of("pull", root, entry)
        if name == "list" and not _OLD:
            expected = []
        elif not expected and name != "skipped" and not _none(entry, root):
            # Prefect's own, for the folder it was called in.
            expected = [
                {
                    "prefect.deployments.steps.set_working_directory": {
                        "directory": str(tmp_path)
                    }
                }
            ]
        assert stored == expected, name


def _none(entry: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether newer releases take it that there are to be no pull steps."""
    return not _OLD and "pull" not in entry and root.get("pull") == []


def _by_deployment(marks: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in marks.splitlines():
        if line.startswith("deploy "):
            # A module may be read more than once.
            ran = found.setdefault(line.removeprefix("deploy "), [])
        else:
            ran.append(line)
    return found


_OTHERS = {step: _marking(f"{step} of others") for step in STEPS}
_OWN_PULL = """\
prefect:
  pull:
    - prefect.deployments.steps.run_shell_script: {{id: here, script: "echo {folder}"}}
    - prefect.deployments.steps.set_working_directory: {{directory: "{{{{ here.stdout }}}}"}}
"""
_CONFIG = """\
orchestrator:
  defaults: {{work_pool: fleet}}
  runners:
    - pipe_id: {name}
      pipe: {{steps: [{{id: say, use: Expression, expression: 1}}]}}
"""
_ROOTS: dict[str, dict[str, Any] | None] = {
    "no_file": None,
    "absent": {"name": "theirs"},
    "null": dict.fromkeys(STEPS),
    "empty": {step: [] for step in STEPS},
    "others": _OTHERS,
    "build_and_push": {step: _OTHERS[step] for step in ("build", "push")},
    "push": {"push": _OTHERS["push"], "pull": None},
}
# Whether the configuration has pull steps of its own, too.
_CASES = (
    ("no_file", False),
    ("absent", False),
    ("null", False),
    ("empty", True),
    ("others", False),
    ("others", True),
    ("build_and_push", False),
    ("push", True),
)


@pytest.fixture
def projects(server: Server, tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Built projects of one runner each, by the runner's name."""
    found: dict[str, Path] = {}
    for root, own in _CASES:
        name = f"steps_{root}{'_own' * own}"
        found[name] = folder = tmp_path / name
        folder.mkdir()
        (folder / "marks.py").write_text(_MARKS)
        pull = _OWN_PULL.format(folder=folder) if own else ""
        (folder / "config.yml").write_text(pull + _CONFIG.format(name=name))
        content = _ROOTS[root]
        if content is not None:
            text = yaml.safe_dump({**content, "deployments": []})
            (folder / "prefect.yaml").write_text(text)
        server.run(folder, "otac", "build", "config.yml")
    yield found
    _clear(server)


def test_both_ways_to_deploy_take_the_same_steps(
    server: Server, projects: dict[str, Path]
) -> None:
    by_prefect = _deployed(server, projects, "prefect", "deploy", "-n")
    _clear(server)
    by_otac = _deployed(server, projects, "otac", "deploy", "--yes", "config.yml")
    assert by_otac == by_prefect
    # So that a run of the ones is as good as a run of the others.
    _run_each(server, projects)
    for folder in projects.values():
        # None of the steps of others has run, neither here nor there.
        assert not (folder / "marks").exists()


def _deployed(
    server: Server, projects: dict[str, Path], *command: str
) -> dict[str, Any]:
    """The deployments as the server has them, without what differs each time."""
    for name, folder in projects.items():
        more = (name,) if command[0] == "prefect" else ()
        server.run(folder, *command, *more)
    found = {name: server.deployment(name) for name in projects}
    for name, folder in projects.items():
        if not name.endswith("_own"):
            assert str(folder) in json.dumps(found[name]["pull_steps"])
    return {name: lasting(one) for name, one in found.items()}


def _run_each(server: Server, projects: dict[str, Path]) -> None:
    worker = server.start(
        server.home, "prefect", "worker", "start", "--pool", POOL, "--limit", "2"
    )
    try:
        runs = {name: server.run_now(name) for name in projects}
        ended = {name: server.ended(run)["state_name"] for name, run in runs.items()}
    finally:
        worker.end()
    assert ended == dict.fromkeys(projects, "Completed")


def _clear(server: Server) -> None:
    for one in server.post("deployments/filter"):
        if one["name"].startswith("steps_"):
            server.delete(f"deployments/{one['id']}")
            server.delete(f"flows/{one['flow_id']}")


def test_a_step_that_ours_ask_for_is_run_by_prefect_and_refused_by_otac(
    server: Server, tmp_path: Path
) -> None:
    """It is the one case in which steps of others are needed."""
    build = [{"marks.mark": {"id": "revision", "text": "built"}}]
    (tmp_path / "marks.py").write_text(_MARKS)
    (tmp_path / "prefect.yaml").write_text(yaml.safe_dump({"build": build}))
    pull = '{marks.mark: {text: "{{ revision.marked }}"}}'
    config = f"prefect: {{pull: [{pull}]}}\n{_CONFIG.format(name='steps_asked')}"
    (tmp_path / "config.yml").write_text(config)
    server.run(tmp_path, "otac", "build", "config.yml")
    try:
        server.run(tmp_path, "prefect", "deploy", "-n", "steps_asked")
        (step,) = server.deployment("steps_asked")["pull_steps"]
        assert step == {"marks.mark": {"text": "built"}}
    finally:
        _clear(server)
    with pytest.raises(AssertionError, match="OTC542"):
        server.run(tmp_path, "otac", "deploy", "--yes", "config.yml")
