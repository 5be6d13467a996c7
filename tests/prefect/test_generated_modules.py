"""Generated modules as Prefect reads them, without a server."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow, Task
from prefect.utilities.importtools import import_object

_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Loads a flow of the project as `prefect deploy` does: by its path."""
    folder = tmp_path_factory.mktemp("policies")
    shutil.copy(_HERE / "project" / "acme.py", folder)
    shutil.copy(_HERE / "policies.yml", folder / "config.yml")
    otac = Path(sys.executable).with_name("otac")
    subprocess.run([otac, "build", "config.yml"], cwd=folder, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        before = set(sys.modules)

        def load(name: str) -> Flow[..., Any]:
            flow = import_object(f"generated/flows/{name}.py:{name}")
            assert isinstance(flow, Flow)
            return flow

        yield load
        for name in set(sys.modules) - before:
            if name == "acme" or name.split(".")[0] == "generated":
                del sys.modules[name]


def _tasks(flow: Flow[..., Any]) -> dict[str, Task[..., Any]]:
    found = flow.fn.__globals__.values()
    return {task.name: task for task in found if isinstance(task, Task)}


def test_steps_have_the_policy_of_the_configuration(modules: Any) -> None:
    tasks = _tasks(modules("stated"))
    assert {
        name: (task.retries, task.retry_delay_seconds, task.timeout_seconds)
        for name, task in tasks.items()
    } == {
        "plain": (2, 30, 90),
        "listed": (3, [1, 2.5, 60], 90),
        "backed_off": (4, [5, 10, 15, 15], 90),
        "spread": (2, 30, 90),
        "never_again": (0, 0, 1.5),
        "inner.nested": (1, 30, 5),
    }
    jitter = {name: task.retry_jitter_factor for name, task in tasks.items()}
    assert {name for name, factor in jitter.items() if factor} == {"spread"}
    assert jitter["spread"] == 0.5


def test_steps_have_the_built_in_policy(modules: Any) -> None:
    (task,) = _tasks(modules("unstated")).values()
    assert task.name == "unstated"
    assert (task.retries, task.retry_delay_seconds) == (2, 30)
    assert task.timeout_seconds is None


def test_steps_have_the_runners_policy(modules: Any) -> None:
    (task,) = _tasks(modules("kept_and_delayed")).values()
    assert (task.retries, task.retry_delay_seconds) == (3, 60)


def test_a_steps_own_tags_are_its_tasks(modules: Any) -> None:
    tags = {name: task.tags for name, task in _tasks(modules("stated")).items()}
    assert tags["spread"] == {"step"}
    assert tags["plain"] == set()


def test_flows_have_the_policy_of_the_configuration(modules: Any) -> None:
    flow = modules("stated")
    assert flow.name == "stated"
    assert (flow.retries, flow.timeout_seconds) == (2, 900)
    assert flow.persist_result is True
    assert flow.log_prints is True


def test_flows_are_not_retried_nor_kept_unless_asked(modules: Any) -> None:
    flow = modules("unstated")
    assert (flow.retries, flow.timeout_seconds, flow.persist_result) == (0, None, None)


def test_hooks_are_those_of_the_configuration(modules: Any) -> None:
    hooks = {
        name: (
            _names(flow.on_completion_hooks),
            _names(flow.on_failure_hooks),
            _names(flow.on_crashed_hooks),
        )
        for name in ("stated", "unstated")
        for flow in [modules(name)]
    }
    noted = ["note_failure"]
    assert hooks == {"stated": (noted, noted, noted), "unstated": ([], [], noted)}


def test_parameters_are_typed(modules: Any) -> None:
    properties = modules("stated").parameters.properties
    assert {
        name: (field["type"], field["default"]) for name, field in properties.items()
    } == {
        "queue": ("string", "Incoming"),
        "limit": ("integer", 3),
        "hours": ("number", 1.5),
        "dry": ("boolean", True),
        "names": ("array", ["a"]),
        "map": ("object", {"a": 1}),
    }


def _names(hooks: Any) -> list[str]:
    return [hook.__name__ for hook in hooks]
