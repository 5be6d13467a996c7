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
from scripted_helpdesk import ScriptedHelpdesk, error

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


SERVICES = """\
services:
  helpdesk:
    use: OTOBOZnunyTicketSystem
    base_url: "{{ get_env('DESK_URL', default='http://127.0.0.1:1/nph-genericinterface.pl') }}"
    timeout_seconds: 1
    password: "{{ get_env('DESK_PASSWORD') }}"
orchestrator:
  defaults: {retries: 3, retry_delay_seconds: 60}
  runners:
    - pipe_id: note
      pipe: {use: AddNote, ticket_id: 7, note: seen}
    - pipe_id: absent
      pipe: {use: Expression, expression: "{{ get_env('DESK_NAME') }}"}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("runner", "environment", "reason", "place"),
    [
        (
            "note",
            {"DESK_PASSWORD": "x", "DESK_URL": "helpdesk"},
            "`base_url` needs to be an address such as",
            "service `helpdesk`, config.yml:2",
        ),
        (
            "absent",
            {},
            "the environment variable `DESK_NAME` is not set",
            "runner `absent`, config.yml:13",
        ),
    ],
)
def test_what_waiting_cannot_heal_fails_at_once_and_where_it_is_to_blame(
    runner: str, environment: dict[str, str], reason: str, place: str, tmp_path: Path
) -> None:
    (tmp_path / "config.yml").write_text(SERVICES, encoding="utf-8")
    ran = otac("run", "config.yml", runner, cwd=tmp_path, timeout=300, **environment)
    assert ran.status == 1
    last = ran.err.splitlines()[-1]
    assert reason in last
    assert last.endswith(f"[{place}]")
    assert "1 attempt" in ran.err
    assert "attempts" not in ran.err


def test_a_service_that_lacks_a_variable_is_not_even_begun(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SERVICES, encoding="utf-8")
    ran = otac("run", "config.yml", "note", cwd=tmp_path, timeout=300)
    assert (ran.status, ran.out) == (1, "")
    first, place = ran.err.splitlines()[:2]
    assert first == "error[OTC387]: environment variable `DESK_PASSWORD` is not set"
    assert place == " --> config.yml:6:28"


@pytest.mark.slow
def test_a_password_that_is_refused_is_blamed_on_the_service(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SERVICES, encoding="utf-8")
    with ScriptedHelpdesk() as server:
        server.on(
            "get", error("TicketGet.AuthFail", "User could not be authenticated!")
        )
        environment = {"DESK_PASSWORD": "wrong", "DESK_URL": server.url}
        ran = otac(
            "run", "config.yml", "note", cwd=tmp_path, timeout=300, **environment
        )
        server.shutdown()
    assert ran.status == 1
    last = ran.err.splitlines()[-1]
    assert "the helpdesk does not let user `open_ticket_ai` in" in last
    assert last.endswith("[service `helpdesk`, config.yml:2]")
