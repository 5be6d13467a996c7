"""The schedules of a configuration, kept by APScheduler, without a server."""

import os
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from otac.emit.schedule import deployed
from otac.extras import install
from otac.local.job import Engine
from otac.lower.project import Runner
from otac.orchestrator.blueprint import Blueprint
from otac.orchestrator.child import Child
from otac.orchestrator.lifecycle import Lifecycle, RunPlace
from otac.orchestrator.problem import OrchestratorError
from otac.source.document import Json


class Orchestrator(Lifecycle):
    """Runs the same modules at the same times, in one process on this machine.

    Steps have the attempts, delays and timeouts that the modules say. There is no record
    of runs but the log on standard error, and nothing that Prefect's server does: event
    triggers, automations, `secret(...)` and `variable(...)`.
    """

    async def _find_place(
        self, blueprint: Blueprint, stack: ExitStack, scheduling: bool
    ) -> RunPlace:
        for name, package in (("prefect", "prefect"), ("apscheduler", "apscheduler")):
            if find_spec(name) is None:
                raise OrchestratorError(
                    f"`Orchestrator` needs `{package}`, which is not installed: "
                    f"{install('prefect,apscheduler')}"
                )
        # Where a profile names a server, nothing of these runs is for it.
        quiet = {"PREFECT_LOGGING_TO_API_ENABLED": "false"}
        return RunPlace({**os.environ, **quiet}, Engine.ALONE)

    def _launch(self, blueprint: Blueprint, place: RunPlace, scratch: Path) -> Child:
        entries = {
            entry["name"]: entry["entrypoint"]
            for entry in blueprint.output.deployments.deployments
        }
        task = {
            "path": [str(scratch), str(blueprint.folder)],
            "runners": [
                _described(
                    runner,
                    entries[runner.id],
                    blueprint.output.once.get(runner.id),
                )
                for runner in blueprint.project.runners
            ],
        }
        return Child(
            "otac.orchestrator.timetable",
            task,
            place.environment,
            blueprint.folder,
            scratch,
        )


def _described(runner: Runner, entrypoint: Json, tick: str | None) -> dict[str, Json]:
    """What the timetable has to know of a runner.

    `tick` is the function that does everything once, of a resident one: without a server
    there is nothing that a window would keep its ticks from, and each is a run.
    """
    module, _, function = str(entrypoint).partition(":")
    return {
        "id": runner.id,
        "entrypoint": f"{module}:{tick or function}",
        "schedules": [
            {**_ticking(runner, deployed(one)), "parameters": dict(one.parameters)}
            for one in runner.schedules
            if one.active
        ],
        "after": [*runner.after],
        "triggers": bool(runner.triggers),
        "limit": runner.concurrency.limit,
        "enqueue": runner.concurrency.enqueue,
    }


def _ticking(runner: Runner, schedule: dict[str, Json]) -> dict[str, Json]:
    if runner.resident is None:
        return schedule
    return {**schedule, "interval": runner.resident.interval_seconds}
