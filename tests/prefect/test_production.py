"""Server, build, deploy, worker: what a user types, and what Prefect then shows."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from credentials import PASSWORD, TOKEN
from deployed import Deployed
from server_process import Server, until

pytestmark = pytest.mark.slow


def test_a_scheduled_run_routes_the_tickets(
    server: Server, guide: Deployed, production: dict[str, str]
) -> None:
    """The guide's configuration: nobody asks for a run, the schedule does."""

    def completed() -> dict[str, Any] | None:
        runs = server.flow_runs("ticket_processor")
        return next((run for run in runs if run["state_name"] == "Completed"), None)

    run = until("a scheduled run", completed)
    deployment = server.deployment("ticket_processor")
    server.patch(f"deployments/{deployment['id']}", paused=True)

    assert run["state_type"] == "COMPLETED"
    assert run["auto_scheduled"] is True
    assert run["created_by"]["type"] == "SCHEDULE"
    assert run["parameters"] == {"queue": "my-queue"}
    (step,) = server.task_runs(run["id"], 1).values()
    assert (step["name"], step["state_type"]) == ("ticket_processor", "COMPLETED")

    store = sqlite3.connect(f"file:{guide.folder / 'helpdesk.db'}?mode=ro", uri=True)
    queues = dict(
        store.execute(
            "SELECT subject, queues.name FROM tickets"
            " JOIN queues ON queues.id = tickets.queue_id"
        ).fetchall()
    )
    store.close()
    assert queues["Charged twice for October"] == "Billing"
    assert queues["VPN drops every few minutes"] == "IT Support"
    assert queues["Heating in room 214 is off"] == "Facilities"
    assert queues["As discussed"] == "my-queue"


def test_a_step_that_fails_twice_has_three_attempts(
    server: Server, production: dict[str, str]
) -> None:
    run = server.ended(production["recovers"])
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Completed")
    (step,) = server.task_runs(run["id"], 1).values()
    assert (step["name"], step["state_type"]) == ("flaky", "COMPLETED")
    assert step["run_count"] == 3


def test_a_step_that_keeps_failing_is_named(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    run = server.ended(production["broken"])
    reason = "step `print` failed after 2 attempts: ValueError: out of paper"
    reason += " [runner `broken`, config.yml:17]"
    assert (run["state_type"], run["state_name"]) == ("FAILED", "Failed")
    assert run["state"]["message"] == reason
    (step,) = server.task_runs(run["id"], 1).values()
    assert (step["name"], step["state_type"]) == ("print", "FAILED")
    assert step["run_count"] == 2
    assert project.calls("send") == 0

    def told() -> str | None:
        """What the hook has written; Prefect calls it after the state is known."""
        with suppress(FileNotFoundError):
            text = (project.folder / "failures").read_text("utf-8")
            return text if text.endswith("\n") else None
        return None

    # Once, and for this run.
    assert until("the hook", told) == f"{run['id']} broken: {reason}\n"


def test_a_run_that_stops_is_completed_and_says_so(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    run = server.ended(production["stops"])
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Stopped")
    assert run["state"]["message"] == "nothing to do"
    (step,) = server.task_runs(run["id"], 1).values()
    assert (step["name"], step["state_name"]) == ("look", "Stopped")
    assert project.calls("work") == 0


def test_a_retried_run_does_nothing_twice(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    run = server.ended(production["again"])
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Completed")
    assert run["run_count"] == 2
    assert project.calls("once") == 1
    assert project.calls("twice") == 2


def test_an_attempt_that_takes_too_long_is_over(
    server: Server, production: dict[str, str]
) -> None:
    run = server.ended(production["slow"])
    assert (run["state_type"], run["state_name"]) == ("FAILED", "Failed")
    assert run["state"]["message"] == (
        "step `wait` failed: timed out after 1 s [runner `slow`, config.yml:40]"
    )
    (step,) = server.task_runs(run["id"], 1).values()
    assert (step["name"], step["state_name"]) == ("wait", "TimedOut")


def test_each_item_is_a_task_run(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    run = server.ended(production["loop"])
    assert run["state_type"] == "COMPLETED"
    steps = server.task_runs(run["id"], 5)
    assert sorted(steps) == [f"each[{index}]" for index in range(5)]
    assert {step["state_type"] for step in steps.values()} == {"COMPLETED"}
    assert [project.calls(f"item-{item}") for item in range(1, 6)] == [1] * 5


def test_a_runner_starts_after_another(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    before = server.ended(production["loop"])
    (run,) = until("the run", lambda: server.flow_runs("follows") or None)
    run = server.ended(run["id"])
    assert run["state_type"] == "COMPLETED"
    assert run["start_time"] > before["end_time"]
    assert project.calls("follows") == 1


def test_credentials_appear_nowhere(
    server: Server, project: Deployed, production: dict[str, str]
) -> None:
    """One comes from the environment, one from a Secret block; both were in an exception."""
    run = server.ended(production["keeps_quiet"])
    assert run["state_type"] == "COMPLETED"
    (step,) = server.task_runs(run["id"], 1).values()
    assert step["run_count"] == 2
    logs = until("the log", lambda: _log(server, run["id"], "refused"))
    assert "ConnectionError: refused: *** and *** are 21, 24 long" in logs

    files = [path for path in server.home.rglob("*") if path.is_file()]
    assert any("storage" in path.parts for path in files)
    files += [path for path in project.folder.rglob("*") if path.is_file()]
    # What stands in place of the credentials is found, so the others would be, too.
    assert "prefect-worker.log" in _holding(files, "refused: ***")
    # In the file itself a text can lie in pieces.
    with closing(sqlite3.connect(server.home / "prefect.db")) as database:
        dump = "\n".join(database.iterdump())
    assert "refused: ***" in dump
    for secret in (TOKEN, PASSWORD):
        assert _holding(files, secret) == set()
        assert secret not in dump


def _holding(files: list[Path], text: str) -> set[str]:
    return {path.name for path in files if text.encode() in path.read_bytes()}


def _log(server: Server, run: str, word: str) -> str | None:
    lines = server.post("logs/filter", logs={"flow_run_id": {"any_": [run]}})
    text = "\n".join(line["message"] for line in lines)
    return text if word in text else None
