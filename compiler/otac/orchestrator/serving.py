"""Serves the deployments of a configuration; a process of its own.

The only argument is a file that names the folders and holds the deployments, as they
stand in `prefect.yaml`. Importing this imports Prefect.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import (
    CronSchedule,
    IntervalSchedule,
    RRuleSchedule,
)
from prefect.events import DeploymentTriggerTypes
from prefect.runner import Runner
from prefect.types.entrypoint import EntrypointType
from pydantic import TypeAdapter

from otac.agreed import claim_output


def main() -> None:
    """Register and serve until a signal comes."""
    answers = claim_output()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # For this process, and for those that run the flows.
    sys.path[:0] = task["path"]
    inherited = os.environ.get("PYTHONPATH")
    paths = [*task["path"], *([inherited] if inherited else [])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    runner = Runner(name="otac", pause_on_shutdown=True)
    try:
        asyncio.run(_register(runner, task["deployments"]))
    except Exception as error:  # noqa: BLE001
        # A module of the user's that cannot be imported, or Prefect's API.
        refusal = {"refused": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(refusal).encode() + b"\n")
        sys.exit(1)
    answers.write(b"{}\n")
    answers.close()
    asyncio.run(_serve(runner))


async def _register(runner: Runner, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        path, _, function = entry["entrypoint"].partition(":")
        module = import_module(path.removesuffix(".py").replace("/", "."))
        deployment = await getattr(module, function).to_deployment(**_options(entry))
        adding: Any = runner.add_deployment(deployment)
        await adding


async def _serve(runner: Runner) -> None:
    loop = asyncio.get_running_loop()
    serving = asyncio.ensure_future(runner.start())
    # Prefect's own handler exits from the middle of the loop. Cancelled, the runner
    # pauses its schedules and ends its runs on the way out.
    stop: Any = lambda *_: loop.call_soon_threadsafe(serving.cancel)
    runner.handle_sigterm = stop  # type: ignore[method-assign]
    try:
        await serving
    except asyncio.CancelledError:
        return


def _options(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `to_deployment` for an entry of `prefect.yaml`."""
    limit = entry["concurrency_limit"]
    triggers: TypeAdapter[Any] = TypeAdapter(DeploymentTriggerTypes)
    return {
        "name": entry["name"],
        # Prefect 3.4 wants files to lie below the working directory.
        "entrypoint_type": EntrypointType.MODULE_PATH,
        "version": entry["version"],
        "description": entry["description"],
        "tags": entry["tags"],
        "parameters": entry["parameters"],
        "enforce_parameter_schema": entry["enforce_parameter_schema"],
        "schedules": [_schedule(one) for one in entry["schedules"]],
        "concurrency_limit": ConcurrencyLimitConfig(
            limit=limit["limit"], collision_strategy=limit["collision_strategy"]
        ),
        "triggers": [
            triggers.validate_python(one) for one in entry.get("triggers", ())
        ],
    }


def _schedule(entry: Mapping[str, Any]) -> DeploymentScheduleCreate:
    timezone = entry.get("timezone")
    when: IntervalSchedule | CronSchedule | RRuleSchedule
    match entry:
        case {"interval": seconds, "anchor_date": anchor}:
            when = IntervalSchedule(
                interval=timedelta(seconds=seconds),
                anchor_date=anchor,
                timezone=timezone,
            )
        case {"cron": cron}:
            day_or = entry.get("day_or", True)
            when = CronSchedule(cron=cron, timezone=timezone, day_or=day_or)
        case _:
            when = RRuleSchedule(rrule=entry["rrule"], timezone=timezone)
    return DeploymentScheduleCreate(
        schedule=when,
        active=entry["active"],
        slug=entry["slug"],
        parameters=entry.get("parameters", {}),
    )


if __name__ == "__main__":
    main()
