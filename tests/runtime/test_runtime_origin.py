"""What failed, and where that stands in the configuration."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_runtime_prefect import task_runs

from command import otac
from otac.runtime.origin import origin

CONFIG = """\
orchestrator:
  defaults: {retries: 1, retry_delay_seconds: 0}
  runners:
    - pipe_id: broken
      pipe:
        steps:
          - id: each
            for_each: [1, 2]
            on_error: continue
            steps:
              - id: work
                use: "acme_origin:work"
                number: "{{ item }}"
          - {id: refused, use: Expression, on_error: continue, expression: "{{ fail('no') }}"}
          - {id: slow, use: "acme_origin:wait", on_error: continue, timeout_seconds: 0.2}
          - {id: asks, use: Expression, if: "{{ 1 / 0 }}", expression: 1}
"""
COMPONENTS = """\
import asyncio


def work(number: int) -> int:
    if number == 2:
        raise LookupError("nothing there")
    return number


async def wait() -> None:
    await asyncio.sleep(30)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock that knows one step, and the place of a module beside it."""
    file = tmp_path / "generated" / "otac.lock"
    file.parent.mkdir()
    places = {"triage": {"": 3, "each.classify": 41}}
    file.write_text(json.dumps({"source": "config.yml", "places": places}), "utf-8")
    return file


def module(lock: Path) -> str:
    return str(lock.parent / "flows" / "triage.py")


def test_the_place_of_a_step(lock: Path) -> None:
    place = origin(module(lock), "triage", ("each", "classify"))
    assert place == " [runner `triage`, config.yml:41]"
    assert origin(module(lock), "triage", ()) == " [runner `triage`, config.yml:3]"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", "{}", '{"places": 1}', '{"places": {"triage": {"a": "x"}}}'],
)
def test_no_lock_is_no_failure(text: str, lock: Path) -> None:
    lock.write_text(text, encoding="utf-8")
    assert origin(module(lock), "triage", ("a",)) == ""
    assert origin("<string>", "triage", ("a",)) == ""
    assert origin(module(lock / "elsewhere"), "triage", ("a",)) == ""


def test_what_the_lock_does_not_know_has_no_place(lock: Path) -> None:
    assert origin(module(lock), "other", ("each",)) == ""
    assert origin(module(lock), "triage", ("each",)) == ""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "acme_origin.py").write_text(COMPONENTS, encoding="utf-8")
    built = otac("build", "config.yml", "-q", cwd=tmp_path)
    assert (built.status, built.err) == (0, "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("generated", "acme_origin"):
            del sys.modules[name]


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_api")
def test_states_name_the_line(project: Path) -> None:
    from prefect.utilities.importtools import import_object

    flow: Any = import_object("generated/flows/broken.py:broken")
    state = asyncio.run(flow(return_state=True))
    assert state.message == (
        "step `asks` failed: `{{ 1 / 0 }}`: division by zero"
        " [runner `broken`, config.yml:16]"
    )
    runs = task_runs(state, 4).items()
    messages = {name: run.state.message or "" for name, run in runs if run.state}
    prefix = "Task run encountered an exception"
    assert messages == {
        "each.work[0]": "",
        "each.work[1]": f"{prefix} StepError: LookupError: nothing there"
        " [runner `broken`, config.yml:11]",
        "refused": f"{prefix} Fail: no [runner `broken`, config.yml:14]",
        # Prefect's own words; the state of the flow run names the place.
        "slow": "Task run exceeded timeout of 0.2 second(s)",
    }
