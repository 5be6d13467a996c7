"""`otac deploy`, ended at every point at which it could be; the next one finishes the job."""

import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fleet_project import Fleet, lasting
from server_process import until

from command import OTAC
from otac.deploy.api import Api
from otac.deploy.apply import apply
from otac.deploy.declaration import Declared, ProjectPlace, declare
from otac.deploy.plan import Plan, compare
from otac.deploy.settings import Settings, find_settings
from otac.deploy.state import ServerState, read_state
from otac.pipeline import CompileOptions, compile_configuration

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """The process is gone."""


class Mortal(Api):
    """Dies after so many writes, each of which reached the server."""

    def __init__(self, settings: Settings, writes: int) -> None:
        super().__init__(settings)
        self.left = writes

    def _send(
        self, method: str, path: str, body: object = None, *, again: bool = True
    ) -> Any:
        answer = super()._send(method, path, body, again=again)
        if method != "GET" and not path.endswith("/filter"):
            if self.left == 0:
                raise Killed
            self.left -= 1
        return answer


def _deploy(fleet: Fleet, writes: int = 1000) -> int:
    """Deploy in this process; returns how many writes were left to it."""
    with Mortal(_settings(fleet), writes) as api:
        try:
            _, state, plan = _compared(fleet, api)
            for _ in apply(api, plan, state, prune=True):
                pass
        except Killed:
            return -1
        return api.left


def _pending(fleet: Fleet) -> list[tuple[str, str]]:
    with Api(_settings(fleet)) as api:
        plan = _compared(fleet, api)[2]
        return [(one.name, one.action.value) for one in plan.pending]


def _compared(fleet: Fleet, api: Api) -> tuple[Declared, ServerState, Plan]:
    data = (fleet.folder / "config.yml").read_bytes()
    compiled = compile_configuration("config.yml", data, fleet.folder, CompileOptions())
    assert compiled.output is not None
    assert compiled.project is not None
    declared = declare(
        compiled.project, compiled.output, ProjectPlace(fleet.folder), api
    )
    assert isinstance(declared, Declared)
    state = read_state(api, declared)
    return declared, state, compare(declared, state)


def _settings(fleet: Fleet) -> Settings:
    settings = find_settings(fleet.folder, fleet.environment)
    assert isinstance(settings, Settings)
    return settings


_SMALL = """\
prefect: {name: fleet}
notifications:
  - {id: ops, use: webhook, url: "{{ env.FLEET_HOOK }}", on: [failed, late]}
orchestrator:
  defaults: {work_pool: fleet}
  runners:
    - pipe_id: fleet_first
      interval_seconds: 1h
      pipe: {use: acme:count, name: first}
    - pipe_id: fleet_after
      after: fleet_first
      pipe: {use: acme:count, name: after}
    - pipe_id: fleet_listens
      triggers:
        - {expect: [acme.a], name: silence}
        - {expect: [acme.b]}
      pipe: {use: acme:count, name: listens}
"""


@pytest.fixture
def notified(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    """A smaller project, with a notification and an environment that has its address."""
    monkeypatch.setenv("FLEET_HOOK", "http://127.0.0.1:1/one")
    (fleet.folder / "config.yml").write_text(_SMALL, "utf-8")
    fleet.build()
    yield fleet
    for found in fleet.server.post("block_documents/filter"):
        if found["name"] == "fleet-ops":
            fleet.server.delete(f"block_documents/{found['id']}")


def test_ended_after_each_write_of_a_first_deploy(notified: Fleet) -> None:
    _ended_everywhere(notified, 10)


def test_ended_after_each_write_of_a_change(
    notified: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One deployment goes, one comes, one changes, triggers and the address change."""
    _deploy(notified)
    old = (notified.folder / "config.yml").read_text("utf-8")
    notified.edit("    - pipe_id: fleet_after\n", "    - pipe_id: fleet_later\n")
    notified.edit("interval_seconds: 1h", "interval_seconds: 2h")
    notified.edit("name: silence", "name: stillness")
    notified.edit("on: [failed, late]", "on: [failed]")
    monkeypatch.setenv("FLEET_HOOK", "http://127.0.0.1:1/two")
    new = (notified.folder / "config.yml").read_text("utf-8")

    def begin() -> None:
        (notified.folder / "config.yml").write_text(old, "utf-8")
        monkeypatch.setenv("FLEET_HOOK", "http://127.0.0.1:1/one")
        assert _deploy(notified) > 0
        (notified.folder / "config.yml").write_text(new, "utf-8")
        monkeypatch.setenv("FLEET_HOOK", "http://127.0.0.1:1/two")

    _ended_everywhere(notified, 10, begin)


def _ended_everywhere(
    fleet: Fleet, at_least: int, begin: Callable[[], None] | None = None
) -> None:
    begin = begin or fleet.clear
    begin()
    _deploy(fleet)
    right = lasting([*fleet.deployments().values(), *fleet.automations()])
    for writes in count():
        begin()
        killed = _deploy(fleet, writes) == -1
        _deploy(fleet)
        assert _pending(fleet) == [], f"after {writes} writes"
        found = lasting([*fleet.deployments().values(), *fleet.automations()])
        assert found == right, f"after {writes} writes"
        if not killed:
            assert writes >= at_least
            return


def test_killed_for_real(fleet: Fleet, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [OTAC, "deploy", "config.yml", "--yes"],
        cwd=fleet.folder,
        env=fleet.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    try:
        until("the first deployment", lambda: fleet.deployments() or None)
    finally:
        process.kill()
        process.wait()
    fleet.deploy()
    assert fleet.plan() == {}
    assert len(fleet.deployments()) == 6
    assert len(fleet.automations()) == 5
