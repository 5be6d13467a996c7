"""`otac plan -o FILE` and `otac deploy FILE`; a real server is asked in tests/prefect."""

import json
from pathlib import Path
from typing import Any

import pytest
from stand_in import Serve

from command import Finished, otac

_SECRET = "s3cret-4711"


def _plan(folder: Path, url: str, *options: str) -> Path:
    done = otac("plan", "-o", "saved.plan", *options, cwd=folder, PREFECT_API_URL=url)
    assert done.status == 2, done.err
    assert done.err.endswith("saved.plan: `otac deploy` takes it\n")
    return folder / "saved.plan"


def _deploy(folder: Path, url: str, *options: str) -> Finished:
    words = ("deploy", "saved.plan", "--no-import", *options)
    return otac(*words, cwd=folder, PREFECT_API_URL=url)


class _Moving:
    """A server on which somebody makes a pool in the meantime."""

    def __init__(self) -> None:
        self.pools: list[dict[str, Any]] = [
            {"name": "default", "base_job_template": {}}
        ]

    def __call__(self, method: str, path: str, body: Any) -> tuple[int, Any] | None:
        return (200, self.pools) if path == "/work_pools/filter" else None


def test_what_was_looked_at_is_deployed_without_a_question(
    built: Path, serve: Serve
) -> None:
    server = serve()
    _plan(built, server.url)
    assert server.writes == []
    done = _deploy(built, server.url)
    assert (done.status, done.out) == (0, "")
    assert "config.yml: 1 applied" in done.err
    assert ("POST", "/deployments/") in server.writes


def test_a_plan_is_found_from_another_folder(built: Path, serve: Serve) -> None:
    """The paths in it are from its own place."""
    server = serve()
    _plan(built, server.url, "--select", "tri*")
    elsewhere = built / "elsewhere"
    elsewhere.mkdir()
    words = ("deploy", built / "saved.plan", "--no-import")
    done = otac(*words, cwd=elsewhere, PREFECT_API_URL=server.url)
    assert done.status == 0, done.err
    assert ("POST", "/deployments/") in server.writes


def test_a_server_that_moved_on_refuses_it(built: Path, serve: Serve) -> None:
    moving = _Moving()
    server = serve(moving)
    _plan(built, server.url)
    moving.pools = []
    done = _deploy(built, server.url, "--create-pools")
    assert done.status == 3
    assert "error[OTC549]: the saved plan no longer holds" in done.err
    assert "work pool default" in done.err
    assert server.writes == []


def test_a_configuration_that_moved_on_refuses_it(built: Path, serve: Serve) -> None:
    server = serve()
    _plan(built, server.url)
    config = built / "config.yml"
    config.write_text(config.read_text("utf-8") + "# more\n", "utf-8")
    assert otac("build", "-q", "config.yml", cwd=built).status == 0
    done = _deploy(built, server.url)
    assert done.status == 3
    assert "OTC549" in done.err
    assert "config.yml has changed" in done.err
    assert server.writes == []


def test_another_server_refuses_it(built: Path, serve: Serve) -> None:
    _plan(built, serve().url)
    other = serve()
    done = _deploy(built, other.url)
    assert "OTC549" in done.err
    assert other.writes == []


def test_a_value_that_nobody_sees_counts_and_is_not_in_the_file(
    tmp_path: Path, serve: Serve
) -> None:
    """Neither as it is nor as a digest that could be looked up."""
    text = (
        "prefect: {pull: [{prefect.deployments.steps.run_shell_script: "
        '{script: "echo {{ $DESK_TOKEN }}"}}]}\n'
        "services: {helpdesk: {use: SqliteTicketSystem, params: {path: helpdesk.db}}}\n"
        "orchestrator:\n  runners:\n"
        "    - {pipe_id: triage, pipe: {use: CheckEscalations}}\n"
    )
    (tmp_path / "config.yml").write_text(text, "utf-8")
    assert otac("build", "-q", cwd=tmp_path).status == 0
    url = serve().url
    plan = ("plan", "-o", "saved.plan")
    here = {"cwd": tmp_path, "PREFECT_API_URL": url}
    done = otac(*plan, cwd=tmp_path, PREFECT_API_URL=url, DESK_TOKEN=_SECRET)
    assert done.status == 2, (done.err, here)
    saved = tmp_path / "saved.plan"
    first = json.loads(saved.read_text("utf-8"))
    assert _SECRET not in saved.read_text("utf-8")
    otac(*plan, cwd=tmp_path, PREFECT_API_URL=url, DESK_TOKEN=_SECRET)
    second = json.loads(saved.read_text("utf-8"))
    assert first["digest"] != second["digest"]
    deploy = ("deploy", "saved.plan", "--no-import")
    done = otac(*deploy, cwd=tmp_path, PREFECT_API_URL=url, DESK_TOKEN="another")
    assert "OTC549" in done.err
    assert "values that are not shown" in done.err
    done = otac(*deploy, cwd=tmp_path, PREFECT_API_URL=url, DESK_TOKEN=_SECRET)
    assert done.status == 0, done.err


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"otac_plan": 1', '"otac_plan": 99'),
        lambda text: text.replace('"digest"', '"digset"'),
        lambda text: text.replace('"changes": [', '"changes": [7,'),
        lambda text: text.replace('"select": null', '"select": [1]'),
        lambda text: text.replace('"salt": "', '"salt": "zz'),
        lambda text: text.replace('"config": "config.yml"', '"config": 3'),
    ],
)
def test_a_damaged_plan_is_no_plan(built: Path, serve: Serve, damage: Any) -> None:
    server = serve()
    saved = _plan(built, server.url)
    text = saved.read_text("utf-8")
    assert damage(text) != text
    saved.write_text(damage(text), "utf-8")
    done = _deploy(built, server.url)
    assert (done.status, done.out) == (3, "")
    assert "error[OTC545]" in done.err
    assert server.writes == []


def test_where_no_plan_can_be_saved(built: Path, serve: Serve) -> None:
    url = serve().url
    for options, words in (
        (("-o", "."), "`--output` says where"),
        (("-o", "config.yml"), "would overwrite a file that is read"),
        (("-", "-o", "x.plan"), "needs a configuration that is a file"),
    ):
        done = otac("plan", *options, cwd=built, PREFECT_API_URL=url)
        assert (done.status, done.out) == (2, "")
        assert words in done.err
    _plan(built, url)
    done = _deploy(built, url, "--select", "triage")
    assert done.status == 2
    assert "a saved plan says" in done.err
