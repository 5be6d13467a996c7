"""A deployment as Prefect's API has it, in a form in which equal means equal."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from otac.source.document import Json

# The order in which they are shown, and in which the mark remembers them.
FIELDS = (
    "version",
    "description",
    "tags",
    "entrypoint",
    "parameters",
    "parameter_openapi_schema",
    "enforce_parameter_schema",
    "schedules",
    "concurrency_limit",
    "concurrency_options",
    "work_pool_name",
    "work_queue_name",
    "job_variables",
    "pull_steps",
)
DEFAULT_QUEUE = "default"
# Newer servers write the beginning into a rule that has none: always this one, but for
# rules of minutes and seconds, where it is a moment close to the present.
_ADDED_START = "DTSTART:20200101T000000\n"
_FREQUENT = re.compile(
    r"DTSTART:\d{8}T\d{6}\n(?=[^\n]*FREQ=(?:MINUTE|SECOND)LY)", re.IGNORECASE
)


def observed(found: Mapping[str, Any]) -> dict[str, Json]:
    """The fields of a deployment that the server described."""
    limit = found.get("global_concurrency_limit") or {}
    options = found.get("concurrency_options") or {}
    schedules = [_observed_schedule(schedule) for schedule in found["schedules"]]
    fields: dict[str, Any] = {
        **{name: found.get(name) for name in FIELDS},
        "schedules": sorted(schedules, key=lambda one: str(one["slug"])),
        "concurrency_limit": _observed_limit(found, limit),
        "concurrency_options": {
            "collision_strategy": options.get("collision_strategy")
        },
        "work_queue_name": found.get("work_queue_name") or DEFAULT_QUEUE,
        "job_variables": found.get("job_variables") or {},
        "pull_steps": found.get("pull_steps") or [],
    }
    return fields


def _observed_limit(found: Mapping[str, Any], limit: Mapping[str, Any]) -> Json:
    """A number; more than that for a limit that somebody has switched off."""
    number: Json = limit.get("limit", found.get("concurrency_limit"))
    return (
        {"limit": number, "active": False} if limit.get("active") is False else number
    )


def declared(
    entry: Mapping[str, Any], schema: dict[str, Json], pull: Json
) -> dict[str, Json]:
    """The fields of an entry of `prefect.yaml` in which every placeholder is filled in."""
    pool, limit = entry["work_pool"], entry["concurrency_limit"]
    schedules = [_observed_schedule(schedule) for schedule in sent_schedules(entry)]
    return {
        "version": entry["version"],
        "description": entry["description"],
        "tags": entry["tags"],
        "entrypoint": entry["entrypoint"],
        "parameters": entry["parameters"],
        "parameter_openapi_schema": schema,
        "enforce_parameter_schema": entry["enforce_parameter_schema"],
        "schedules": cast(Json, sorted(schedules, key=lambda one: str(one["slug"]))),
        "concurrency_limit": limit["limit"],
        "concurrency_options": {"collision_strategy": limit["collision_strategy"]},
        "work_pool_name": pool["name"],
        "work_queue_name": pool.get("work_queue_name") or DEFAULT_QUEUE,
        "job_variables": pool.get("job_variables") or {},
        "pull_steps": pull or [],
    }


def sent_schedules(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The schedules of an entry as the API is told of them: anchors keep their offset."""
    return [_schedule(schedule) for schedule in entry["schedules"]]


def _schedule(entry: Mapping[str, Any]) -> dict[str, Any]:
    timezone = entry.get("timezone")
    schedule: dict[str, Any]
    if "interval" in entry:
        schedule = {
            "interval": float(entry["interval"]),
            "anchor_date": entry["anchor_date"],
            "timezone": timezone or "UTC",
        }
    elif "cron" in entry:
        day_or = entry.get("day_or", True)
        schedule = {"cron": entry["cron"], "timezone": timezone, "day_or": day_or}
    else:
        schedule = {"rrule": entry["rrule"], "timezone": timezone or "UTC"}
    return {
        "slug": entry["slug"],
        "active": entry["active"],
        "parameters": entry.get("parameters") or {},
        "schedule": schedule,
    }


def _observed_schedule(found: Mapping[str, Any]) -> dict[str, Any]:
    schedule = dict(found["schedule"])
    if "interval" in schedule:
        schedule["interval"] = float(schedule["interval"])
        schedule["anchor_date"] = _instant(schedule["anchor_date"])
    if "rrule" in schedule:
        schedule["rrule"] = _rule(schedule["rrule"])
    return {
        "slug": found.get("slug"),
        "active": found["active"],
        "parameters": found.get("parameters") or {},
        "schedule": schedule,
    }


def _rule(text: str) -> str:
    return _FREQUENT.sub("", text.removeprefix(_ADDED_START), count=1)


def _instant(text: str) -> str:
    """The same instant in the same spelling."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).isoformat()
