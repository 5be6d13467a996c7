"""The example of docs/checking-online.md, step by step."""

import shutil
from pathlib import Path

import pytest

from command import Finished, otac

EXAMPLE = Path(__file__).parents[2] / "examples" / "test-and-production"
TEST, PRODUCTION = ("--env-file", "test.env"), ("--env-file", "production.env")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("*.db*", ".otac", "generated")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=ignored))


def call(project: Path, *arguments: str, **environment: str) -> Finished:
    profiles = str(project / "no-profiles.toml")
    given = {"PREFECT_PROFILES_PATH": profiles, **environment}
    return otac(*arguments, cwd=project, timeout=500, **given)


def test_one_configuration_for_both(project: Path) -> None:
    for file in (TEST, PRODUCTION):
        done = call(project, "check", "config.yml", *file)
        assert (done.status, done.err) == (0, "config.yml is fine\n")
    done = call(project, "check", "config.yml", "--online", *TEST)
    assert done.status == 0, done.err
    assert not (project / "test.db").exists()

    run = ("run", "config.yml", "ticket_processor")
    done = call(project, *run, "--dry-run", *TEST, HELPDESK_STORE="production.db")
    assert done.status == 0, done.err
    assert "Billing" in done.out
    assert "2 tickets would change; nothing was written" in done.out

    done = call(project, *run, *TEST, HELPDESK_STORE="production.db")
    assert done.status == 0, done.err
    again = call(project, *run, "--dry-run", *TEST)
    assert "0 tickets would change" in again.out
    # Whatever a shell has, the file that was named says where tickets are.
    assert not (project / "production.db").exists()


def test_nothing_is_begun_without_a_variable(project: Path) -> None:
    for command in (
        ("run", "config.yml", "ticket_processor"),
        ("run", "config.yml", "ticket_processor", "--dry-run"),
        ("dev", "config.yml"),
        ("dev", "config.yml", "--once"),
    ):
        done = call(project, *command, "--format", "concise")
        said = (
            "config.yml:13:24: OTC387 environment variable `HELPDESK_STORE` is not set"
        )
        assert done.status == 1
        assert said in done.err
        assert "starting" not in done.err
        assert not (project / "production.db").exists()


def test_a_service_that_may_not_be_needed_is_left_to_the_run(project: Path) -> None:
    config = """\
services:
  helpdesk: {use: SqliteTicketSystem, path: helpdesk.db}
  other: {use: SqliteTicketSystem, path: "{{ env.OTHER_STORE }}"}
orchestrator:
  runners:
    - pipe_id: route
      pipe:
        steps:
          - id: first
            use: Expression
            expression: "{{ 1 }}"
          - id: second
            if: "{{ get_pipe_result('first', 'value') == 2 }}"
            use: CheckEscalations
            injects: {ticket_system: other}
"""
    (project / "config.yml").write_text(config, encoding="utf-8")
    done = call(project, "run", "config.yml", "route", "--dry-run")
    assert done.status == 0, done.err
    always = config.replace("== 2", "is defined").replace("if:", "# if:")
    (project / "config.yml").write_text(always, encoding="utf-8")
    done = call(project, "run", "config.yml", "route", "--dry-run")
    assert done.status == 1
    assert "OTC387" in done.err


def test_prefect_is_that_of_the_file(project: Path) -> None:
    done = call(project, "plan", "config.yml", *TEST)
    assert "no Prefect server is configured" in done.err
    (project / "production.env").write_text(
        "HELPDESK_STORE=production.db\nPREFECT_API_URL=http://127.0.0.1:9/api\n",
        encoding="utf-8",
    )
    done = call(project, "plan", "config.yml", *PRODUCTION)
    assert "the Prefect server at http://127.0.0.1:9/api does not answer" in done.err
