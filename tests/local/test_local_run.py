"""`otac run` and `otac dev --once`, each with a server of their own."""

import json
from pathlib import Path

import pytest

from command import Finished, otac, without_times

pytestmark = pytest.mark.slow

# What a user's environment may hold, and what must not matter.
ELSEWHERE = {
    "PREFECT_API_URL": "http://127.0.0.1:9/api",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////no/where/prefect.db",
    "PREFECT_PROFILE": "production",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
}
STARTING = "starting an embedded Prefect API ...\n"


def run(folder: Path, *arguments: str, **env: str) -> Finished:
    finished = otac(*arguments, cwd=folder, timeout=500, **env)
    return Finished(finished.status, finished.out, without_times(finished.err))


def test_a_run_of_the_guide(guide: Path) -> None:
    finished = run(guide, "run", "config.yml", "ticket_processor", **ELSEWHERE)
    steps, header, rows = finished.err.partition("\n  ticket  subject  ")
    assert steps == (
        f"{STARTING}"
        "ticket_processor\n"
        "  ticket_processor  Completed      0.0 s  1 attempt\n"
    )
    assert header
    assert rows.endswith("\n\n12 tickets changed\nCompleted after 0.0 s\n")
    assert finished.status == 0
    result = json.loads(finished.out)
    assert list(result) == ["ticket_processor"]
    assert len(result["ticket_processor"]["handled"]) == 12
    assert sorted(
        path.name for path in guide.iterdir() if path.suffix != ".db-wal"
    ) == [
        ".otac",
        "config.yml",
        "helpdesk.db",
        "helpdesk.yml",
    ]
    assert (guide / ".otac" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_another_run_has_nothing_to_do(guide: Path) -> None:
    finished = run(
        guide, "run", "config.yml", "ticket_processor", "--param", "queue=my-queue"
    )
    assert finished == Finished(
        0,
        "{}\n",
        f"{STARTING}"
        "ticket_processor\n"
        "  ticket_processor  Stopped        0.0 s\n"
        "Stopped after 0.0 s: queue `my-queue` has no new tickets\n",
    )


def test_a_run_of_a_resident_runner_is_one_tick(guide: Path) -> None:
    config = (guide / "config.yml").read_text(encoding="utf-8")
    often = config.replace("interval_seconds: 300", "interval_seconds: 0.5")
    assert often != config
    (guide / "often.yml").write_text(often, encoding="utf-8")
    finished = run(guide, "run", "often.yml", "ticket_processor")
    (guide / "often.yml").unlink()
    assert finished == Finished(
        0,
        "{}\n",
        f"{STARTING}"
        "ticket_processor\n"
        "  ticket_processor  Stopped        0.0 s\n"
        "Stopped after 0.0 s: queue `my-queue` has no new tickets\n",
    )


def test_dev_once_builds_and_runs_each_runner(guide: Path) -> None:
    config = (guide / "config.yml").read_text(encoding="utf-8")
    missing = config.replace("my-queue", "no-queue")
    (guide / "config.yml").write_text(missing, encoding="utf-8")
    finished = run(guide, "dev", "config.yml", "--once")
    (guide / "config.yml").write_text(config, encoding="utf-8")
    assert finished.status == 1
    assert finished.err.startswith(
        f"config.yml: 7 created\n{STARTING}"
        "ticket_processor\n"
        "  ticket_processor  Failed         0.0 s  1 attempt   "
    )
    last = finished.err.rpartition("escalation_checker\n")[2]
    assert last.startswith("  escalation_checker  Completed      0.0 s  1 attempt\n")
    assert "priority  3 normal  4 high  Raised to 4 high\n" in last
    assert last.endswith(" tickets changed\nCompleted after 0.0 s\n")
    results = json.loads(finished.out)
    assert list(results) == ["ticket_processor", "escalation_checker"]
    assert results["ticket_processor"] is None
    assert (guide / "generated" / "flows" / "ticket_processor.py").is_file()


def test_a_server_that_does_not_start(guide: Path) -> None:
    (home,) = (guide / ".otac").glob("prefect-*")
    database = home / "prefect.db"
    whole = database.read_bytes()
    for rest in home.glob("prefect.db-*"):
        rest.unlink()
    database.write_bytes(b"damaged")
    finished = run(guide, "run", "config.yml", "ticket_processor")
    database.write_bytes(whole)
    assert finished == Finished(
        3,
        "",
        f"{STARTING}"
        "error[OTC512]: the embedded Prefect server ended\n"
        f" = help: `{home}/run.log` holds what it wrote\n"
        "\n"
        "found 1 error\n",
    )
    assert "file is not a database" in (home / "run.log").read_text(encoding="utf-8")


def test_selected_runners_run_one_after_the_other(tmp_path: Path) -> None:
    steps = '{steps: [{id: one, use: Expression, expression: "%s"}]}'
    lines = [
        f"    - {{pipe_id: {name}, pipe: {steps % value}}}\n"
        for name, value in (("sum_a", "{{ 1 }}"), ("sum_b", "{{ 2 }}"), ("x", "3"))
    ]
    config = "orchestrator:\n  runners:\n" + "".join(lines)
    (tmp_path / "config.yml").write_text(config, "utf-8")
    finished = run(tmp_path, "run", "--select", "sum_*")
    assert finished.status == 0, finished.err
    assert json.loads(finished.out) == {
        "sum_a": {"one": {"value": 1}},
        "sum_b": {"one": {"value": 2}},
    }
    assert finished.err.count("Completed after") == 2
