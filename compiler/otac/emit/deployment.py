"""A runner's entry under `deployments` in `prefect.yaml`.

Work pool, work queue, job variables, triggers and pull steps are written as they are: they
speak to Prefect, and a placeholder in them is one. Everything else is data, in which a
placeholder would be replaced or lost (see `placeholder`).
"""

import json
from hashlib import sha256

from otac.emit.literal import defused, surviving
from otac.emit.schedule import completion_trigger, deployed, summary
from otac.lower.project import Runner, WorkPool
from otac.lower.reserved import module_name
from otac.source.document import Json

_DIGEST_DIGITS = 12


def deployment(
    runner: Runner,
    function: str,
    sources: tuple[str, ...],
    log_level: str | None,
    resident: frozenset[str] = frozenset(),
) -> dict[str, Json]:
    """The entry. `sources` are the texts of the modules that a run executes, `resident`
    the runners that are.

    - `description` is always there: without one, Prefect stores the text "None".
    - `version` is a digest of the sources and of the entry itself; without it Prefect
      writes a git commit there, which says nothing about what changed.
    - `parameters` are the flow's own defaults once more, so that Prefect's UI shows what a
      run gets; those that Prefect would change on the way are left to the flow.
    - `schedules` is there even if empty: left out, Prefect would never remove old ones.
    - `triggers` may be left out: Prefect removes those of the last time by itself.
    """
    limit: dict[str, Json] = {
        "limit": runner.concurrency.limit,
        "collision_strategy": "ENQUEUE" if runner.concurrency.enqueue else "CANCEL_NEW",
    }
    entry: dict[str, Json] = {
        "tags": [defused(tag) for tag in runner.tags],
        "entrypoint": f"generated/flows/{module_name(runner.id)}.py:{function}",
        "parameters": surviving(
            {parameter.name: parameter.default for parameter in runner.parameters}
        ),
        "enforce_parameter_schema": True,
        "schedules": [deployed(schedule) for schedule in runner.schedules],
        "concurrency_limit": limit,
        "work_pool": _work_pool(runner.work_pool, log_level),
    }
    triggers: list[Json] = [*runner.triggers]
    if runner.after:
        triggers.insert(0, completion_trigger(runner.id, runner.after, resident))
    if triggers:
        entry["triggers"] = triggers
    return {
        "name": runner.id,
        "version": _digest(sources, entry),
        "description": defused(runner.description or summary(runner)),
        **entry,
    }


def _work_pool(pool: WorkPool, log_level: str | None) -> dict[str, Json]:
    written: dict[str, Json] = {"name": pool.name}
    if pool.queue is not None:
        written["work_queue_name"] = pool.queue
    variables = dict(pool.job_variables)
    if log_level is not None:
        # Prefect reads its log level from the environment alone; every kind of work pool
        # has the job variable `env`. What the user wrote there himself wins.
        environment = variables.get("env", {})
        if isinstance(environment, dict):
            variables["env"] = {"PREFECT_LOGGING_LEVEL": log_level, **environment}
    if variables:
        written["job_variables"] = variables
    return written


def _digest(sources: tuple[str, ...], entry: dict[str, Json]) -> str:
    digest = sha256(json.dumps(entry).encode())
    for source in sources:
        digest.update(source.encode())
    return digest.hexdigest()[:_DIGEST_DIGITS]
