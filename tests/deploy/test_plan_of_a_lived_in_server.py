"""What `otac plan` says of a server on which people have done things by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from stand_in import Answer, Serve
from test_plan import Memory

from command import otac

_CONFIG = """\
prefect: {name: lived, pull: [{acme.pull: {id: code}}, {acme.go: {folder: "FOLDER"}}]}
orchestrator:
  runners:
    - pipe_id: triage
      pipe: {steps: [{id: say, use: Expression, expression: 1}]}
      triggers: [TRIGGERS]
    - pipe_id: other
      work_queue: slow
      pipe: {steps: [{id: say, use: Expression, expression: 1}]}
"""


def _build(
    folder: Path, place: str = "{{ code.directory }}", triggers: str = ""
) -> None:
    text = _CONFIG.replace("FOLDER", place).replace("TRIGGERS", triggers)
    (folder / "config.yml").write_text(text, "utf-8")
    done = otac("build", "-q", "config.yml", cwd=folder)
    assert done.status == 0, done.err


def _pending(plan: dict[str, Any]) -> dict[str, list[str]]:
    return {
        one["name"]: [place["field"] for place in one["fields"]]
        for one in plan["changes"]
        if one["action"] != "in-step"
    }


def test_a_limit_that_was_switched_off_is_switched_on(
    tmp_path: Path, serve: Serve
) -> None:
    _build(tmp_path)
    memory = Memory(serve)
    memory.deploy(tmp_path)
    limit = {"id": "limit-1", "limit": 1, "active": False}
    memory.deployments[0]["global_concurrency_limit"] = limit
    name = memory.deployments[0]["name"]
    plan = memory.plan(tmp_path)
    assert _pending(plan) == {name: ["concurrency_limit"]}
    (place,) = next(one["fields"] for one in plan["changes"] if one["name"] == name)
    assert place["from"] == {"limit": 1, "active": False}
    assert (place["to"], place["by_hand"]) == (1, True)
    memory.deploy(tmp_path)
    assert ("PATCH", "/v2/concurrency_limits/limit-1") in memory.server.requests


def test_automations_of_others_are_not_announced(tmp_path: Path, serve: Serve) -> None:
    _build(tmp_path, triggers="{name: ours, expect: [a.b]}, {expect: [c.d]}")
    memory = Memory(serve)
    memory.deploy(tmp_path)
    theirs = {
        **memory.automations[0],
        "id": "theirs",
        "name": "theirs",
        "owner_resource": None,
    }
    memory.automations.append(theirs)
    assert _pending(memory.plan(tmp_path)) == {}
    # One trigger fewer: only that one goes.
    _build(tmp_path, triggers="{expect: [c.d]}")
    (fields,) = _pending(memory.plan(tmp_path)).values()
    assert "triggers.ours" in fields
    assert "triggers.theirs" not in fields
    # What Prefect itself has made is known by its name.
    for one in memory.deployments:
        one["labels"] = {}
    (plan,) = (
        one for name, one in _pending(memory.plan(tmp_path)).items() if name == "triage"
    )
    assert "triggers.theirs" not in plan


def test_folders_of_pull_steps_are_shown(tmp_path: Path, serve: Serve) -> None:
    _build(tmp_path, "/srv/a")
    memory = Memory(serve)
    memory.deploy(tmp_path)
    _build(tmp_path, "/srv/b/{{ code.directory }}")
    done = memory.run(tmp_path, "plan", "config.yml")
    wanted = 'pull_steps.acme.go.folder: "/srv/a" -> "/srv/b/{{ code.directory }}"\n'
    assert done.out.count(wanted) == 2
    # What comes from the environment may be a secret.
    _build(tmp_path, "{{ $OTAC_TEST_FOLDER }}")
    memory.deploy(tmp_path)
    stored = memory.deployments[0]["pull_steps"][1]["acme.go"]["folder"]
    # The worker's environment may know it.
    assert stored == "{{ $OTAC_TEST_FOLDER }}"


def test_a_folder_from_the_environment_is_hidden(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build(tmp_path, "{{ $OTAC_TEST_FOLDER }}")
    memory = Memory(serve)
    monkeypatch.setenv("OTAC_TEST_FOLDER", "/srv/s3cret")
    memory.deploy(tmp_path)
    assert "/srv/s3cret" in json.dumps(memory.deployments)
    monkeypatch.setenv("OTAC_TEST_FOLDER", "/srv/s4cret")
    done = memory.run(tmp_path, "plan", "config.yml")
    assert (done.status, "cret" in done.out + done.err) == (2, False)


@pytest.mark.parametrize(
    "place", ["{{ later.directory }}", "{{ cod.directory }}", "{{ ctx.flow.name }}"]
)
def test_what_no_earlier_pull_step_puts_out_is_told(
    place: str, tmp_path: Path, serve: Serve
) -> None:
    _build(tmp_path, place)
    done = Memory(serve).run(tmp_path, "plan", "config.yml")
    assert (done.status, "OTC539" in done.err) == (3, True)
    assert f"`{place}` is the output of no earlier step" in done.err


def test_a_schedule_of_the_ui_is_shown_whole(tmp_path: Path, serve: Serve) -> None:
    _build(tmp_path)
    memory = Memory(serve)
    memory.deploy(tmp_path)
    schedule = {"cron": "0 6 * * 1-5", "timezone": "Europe/Berlin", "day_or": True}
    parameters = {"queue": "a queue with a rather long name"}
    memory.deployments[0]["schedules"] = [
        {"slug": None, "active": True, "parameters": parameters, "schedule": schedule}
    ]
    done = memory.run(tmp_path, "plan", "config.yml")
    assert json.dumps(schedule) in done.out
    assert json.dumps(parameters) in done.out
    assert "..." not in done.out


@pytest.mark.parametrize(
    ("pool", "queues", "told"),
    [
        (False, {}, []),
        (True, {"default": True}, ["work pool `default`"]),
        (False, {"default": True}, ["work queue `default/default`"]),
        (False, {"slow": True, "default": False}, ["work queue `default/slow`"]),
        (False, {"nobody's": True}, []),
    ],
)
def test_what_is_paused_is_told(
    pool: bool, queues: dict[str, bool], told: list[str], tmp_path: Path, serve: Serve
) -> None:
    _build(tmp_path)

    def answer(method: str, path: str, body: Any) -> tuple[int, Any] | None:
        if path == "/work_pools/filter":
            return 200, [{"name": "default", "is_paused": pool}]
        if path == "/work_pools/default/queues/filter":
            return 200, [{"name": k, "is_paused": v} for k, v in queues.items()]
        return None

    assert _warned(tmp_path, serve, answer, "OTC547") == [
        f"{one} is paused: none of its runs starts" for one in told
    ]


_OLDER = """\
orchestrator:
  runners:
    - pipe_id: first_monday
      pipe: {steps: [{id: say, use: Expression, expression: 1}]}
      cron: "0 6 1-7 * 1"
      day_or: false
    - pipe_id: named
      pipe: {steps: [{id: say, use: Expression, expression: 1}]}
      job_variables: {name: "{{ctx.flow.name}}"}
    - pipe_id: again
      pipe: {steps: [{id: say, use: Expression, expression: 1}]}
      flow_retries: 1
"""


@pytest.mark.parametrize(
    ("version", "runners"),
    [
        ("3.4.20", ["first_monday", "named", "again"]),
        ("3.4.22", ["first_monday", "named", "again"]),
        ("3.4.23", ["named", "again"]),
        ("3.6.18", ["again"]),
        ("3.8.5", []),
        ("3.9.1", []),
    ],
)
def test_what_an_older_release_reads_otherwise(
    version: str, runners: list[str], tmp_path: Path, serve: Serve
) -> None:
    (tmp_path / "config.yml").write_text(_OLDER, "utf-8")
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    found = _warned(tmp_path, serve, lambda *asked: None, "OTC548", version)
    assert [one.rpartition("`")[0].rpartition("`")[2] for one in found] == runners


def _warned(
    folder: Path, serve: Serve, answer: Answer, code: str, version: str = "3.9.1"
) -> list[str]:
    url = serve(answer, version).url
    options = ("plan", "config.yml", "--format", "json")
    done = otac(*options, cwd=folder, PREFECT_API_URL=url)
    found = json.loads(done.out)["diagnostics"]
    return [one["message"] for one in found if one["code"] == code]


_TOML = '[api]\nurl = "URL"\n'


def test_the_server_is_the_one_of_the_folder_it_is_called_in(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "apps" / "helpdesk"
    app.mkdir(parents=True)
    _build(app)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    url = serve().url
    (tmp_path / "prefect.toml").write_text(_TOML.replace("URL", url))
    # Beside the configuration lies another one, which counts for nobody who is above.
    (app / "prefect.toml").write_text(_TOML.replace("URL", "http://127.0.0.1:9/api"))
    done = otac("plan", "apps/helpdesk/config.yml", cwd=tmp_path)
    first = done.out.partition("\n")[0]
    assert first == f"{url} (from prefect.toml), project `lived`"
    assert otac("plan", "config.yml", cwd=app).status == 3


def test_a_profile_that_does_not_exist_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build(tmp_path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "profiles.toml").write_text('active = "a"\n[profiles.a]\n')
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_PROFILE", "prduction")
    done = otac("plan", "config.yml", cwd=tmp_path)
    assert "OTC530" in done.err
    assert "there is no profile `prduction`" in done.err
    monkeypatch.setenv("PREFECT_PROFILE", "a")
    assert "there is no profile" not in otac("plan", "config.yml", cwd=tmp_path).err
