"""Deployments as the server has them, beside the configuration they come from."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from deployed import Deployed
from server_process import Server

pytestmark = pytest.mark.slow


def test_every_field_reaches_the_server(server: Server, project: Deployed) -> None:
    found = server.deployment("described")
    assert found["description"] == (
        'Has every field: "quoted", ünïcödé, {single} braces'
    )
    assert found["tags"] == ["open-ticket-ai", "described", "helpdesk", "ünïcödé tag"]
    assert found["work_pool_name"] == "default"
    assert found["work_queue_name"] == "slow"
    assert found["job_variables"] == {"env": {"LANG": "de_DE.UTF-8"}}
    assert found["parameters"] == {"queue": "Incoming", "hours": 24.5}
    assert found["enforce_parameter_schema"] is True
    properties = found["parameter_openapi_schema"]["properties"]
    assert {name: field["type"] for name, field in properties.items()} == {
        "queue": "string",
        "hours": "number",
    }
    assert _limit(found) == (3, "ENQUEUE")
    assert found["entrypoint"] == "generated/flows/described.py:described"
    assert found["pull_steps"] == [
        {
            "prefect.deployments.steps.set_working_directory": {
                "directory": str(project.folder)
            }
        }
    ]
    written = yaml.safe_load((project.folder / "prefect.yaml").read_text("utf-8"))
    (entry,) = [one for one in written["deployments"] if one["name"] == "described"]
    assert found["version"] == entry["version"]


def test_every_schedule_reaches_the_server(server: Server, project: Deployed) -> None:
    found = server.deployment("described")["schedules"]
    by_slug = {schedule["slug"]: schedule for schedule in found}
    assert {slug: one["active"] for slug, one in by_slug.items()} == {
        "schedule": False,
        "monday-morning": False,
        "new-year": False,
    }
    interval = by_slug["schedule"]["schedule"]
    assert float(interval["interval"]) == 900
    assert interval["anchor_date"].startswith("2026-01-01T00:00:00")
    cron = by_slug["monday-morning"]
    assert cron["schedule"]["cron"] == "0 7 * * mon"
    assert cron["schedule"]["timezone"] == "Europe/Vienna"
    assert cron["parameters"] == {"queue": "Sales"}
    rule = by_slug["new-year"]["schedule"]["rrule"]
    assert "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1" in rule


def test_a_runner_says_nothing_of_what_it_does_not_mean(
    server: Server, project: Deployed
) -> None:
    found = server.deployment("loop")
    assert found["tags"] == ["open-ticket-ai", "loop"]
    assert found["schedules"] == []
    assert _limit(found) == (1, "CANCEL_NEW")
    assert found["parameters"] == {}
    assert found["work_queue_name"] == "default"


def test_deploying_again_changes_nothing(server: Server, project: Deployed) -> None:
    """Schedules keep their ids and anchors, so that runs to come keep their times."""
    before = {name: _lasting(server.deployment(name)) for name in project.runners}
    assert len(before) == 9
    project.again()
    for name, deployment in before.items():
        assert _lasting(server.deployment(name)) == deployment, name


@pytest.fixture(scope="module")
def changed(server: Server, project: Deployed) -> Iterator[None]:
    """The project without one schedule, and with another of a different kind."""
    config = project.folder / "config.yml"
    text = config.read_text("utf-8")
    edited = text
    for old, new in (
        ("- {rrule: ", "# - {rrule: "),
        ("interval_seconds: 1h  # daily", 'cron: "0 6 * * *"  # daily'),
    ):
        assert edited.count(old) == 1
        edited = edited.replace(old, new)
    config.write_text(edited, "utf-8")
    project.again()
    yield
    config.write_text(text, "utf-8")


@pytest.mark.usefixtures("changed")
def test_a_schedule_of_another_kind_takes_the_place_of_the_old(server: Server) -> None:
    (schedule,) = server.deployment("stops")["schedules"]
    assert schedule["schedule"]["cron"] == "0 6 * * *"


@pytest.mark.usefixtures("changed")
@pytest.mark.xfail(
    reason="Prefect keeps a schedule whose slug is no longer in the file", strict=True
)
def test_a_schedule_that_is_gone_is_gone_on_the_server(server: Server) -> None:
    found = server.deployment("described")["schedules"]
    assert sorted(one["slug"] for one in found) == ["monday-morning", "schedule"]


def _limit(deployment: dict[str, Any]) -> tuple[int, str]:
    limit = deployment["global_concurrency_limit"]["limit"]
    return limit, deployment["concurrency_options"]["collision_strategy"]


def _lasting(deployment: dict[str, Any]) -> dict[str, Any]:
    """Without what says only when it was last looked at."""
    kept = {
        key: value
        for key, value in deployment.items()
        if key not in ("updated", "status", "last_polled", "global_concurrency_limit")
    }
    kept["limit"] = _limit(deployment)
    kept["schedules"] = sorted(
        (
            {k: v for k, v in one.items() if k not in ("id", "created", "updated")}
            for one in deployment["schedules"]
        ),
        key=lambda one: str(one["slug"]),
    )
    return kept
