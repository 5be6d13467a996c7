"""A schedule in words, in `prefect.yaml` and in a `serve` call."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import assert_never

from otac.agreed import tick_flow
from otac.emit.layout import Code, call, items_of
from otac.emit.literal import defused, literal, number, quoted, surviving
from otac.emit.scope import Imports
from otac.lower.project import Runner, Schedule, WorkPool
from otac.lower.reserved import module_name
from otac.schedules import Cron, Interval, RRule
from otac.source.document import Json

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(schedule: Schedule) -> str:
    """`every 5 minutes`, or the expression as it stands."""
    notes = [] if schedule.active else ["inactive"]
    match schedule.when:
        case Interval(seconds):
            words = f"every {_duration(seconds)}"
        case Cron(expression, timezone):
            words = f"on cron `{expression}`"
            notes.insert(0, timezone or "UTC")
        case RRule(rule, timezone):
            words = f"on rrule `{rule}`"
            notes.insert(0, timezone or "UTC")
        case _:
            assert_never(schedule.when)
    return f"{words} ({', '.join(notes)})" if notes else words


def in_time(runner: Runner) -> list[str]:
    """Each of a runner's schedules in words."""
    moments = [in_words(schedule) for schedule in runner.schedules]
    if runner.resident is None:
        return moments
    often = _duration(runner.resident.interval_seconds)
    return [f"every {often}, in a window {moment}" for moment in moments]


def summary(runner: Runner) -> str:
    """``Runner `triage`: every 5 minutes.``"""
    moments = in_time(runner)
    if runner.after:
        names = " and ".join(f"`{name}`" for name in runner.after)
        moments.append(f"after {names}")
    if runner.triggers:
        moments.append("on Prefect events")
    return f"Runner `{runner.id}`: {', '.join(moments) or 'started by hand'}."


def deployed(schedule: Schedule) -> dict[str, Json]:
    """The entry under `schedules` in `prefect.yaml`.

    `active` is always there: Prefect keeps the old value of what is left out. `day_or` is
    there only where it is not Prefect's default; 3.4.20 does not read it at all.
    """
    entry: dict[str, Json] = {}
    match schedule.when:
        case Interval(seconds, anchor, timezone):
            # Prefect 3.4.20 takes an integer, or fails over to an untyped mapping.
            entry["interval"] = int(seconds) if seconds == int(seconds) else seconds
            entry["anchor_date"] = anchor
        case Cron(expression, timezone, day_or):
            entry["cron"] = expression
            if not day_or:
                entry["day_or"] = False
        case RRule(rule, timezone):
            entry["rrule"] = rule
        case _:
            assert_never(schedule.when)
    if timezone is not None:
        entry["timezone"] = timezone
    entry["slug"] = schedule.slug
    entry["active"] = schedule.active
    if parameters := surviving(dict(schedule.parameters)):
        entry["parameters"] = parameters
    return entry


def served(schedules: Sequence[Schedule], imports: Imports) -> list[Code]:
    """The arguments of `serve` for these schedules.

    An interval counts from the moment somebody starts to serve, as he expects of it; the
    anchor is for deployments.
    """
    match schedules:
        case []:
            return []
        case [schedule]:
            return [_plain(schedule) or _object(schedule, imports, "schedule=")]
        case _:
            objects = [_object(schedule, imports) for schedule in schedules]
            return [items_of(objects, "schedules=")]


def _plain(schedule: Schedule) -> Code | None:
    """`interval=300`, or None for a schedule that says more than that."""
    if schedule.parameters or not schedule.active:
        return None
    match schedule.when:
        case Interval(seconds, _, None):
            return f"interval={number(seconds)}"
        case Cron(expression, None, True):
            return f"cron={quoted(expression)}"
        case RRule(rule, None):
            return f"rrule={quoted(rule)}"
        case _:
            return None


def _object(schedule: Schedule, imports: Imports, before: str = "") -> Code:
    """`Cron("0 6 * * *", timezone="Europe/Berlin")`."""
    extra: list[Code] = []
    match schedule.when:
        case Interval(seconds, _, timezone):
            name, first = "Interval", number(seconds)
        case Cron(expression, timezone, day_or):
            name, first = "Cron", quoted(expression)
            if not day_or:
                extra.append("day_or=False")
        case RRule(rule, timezone):
            name, first = "RRule", quoted(rule)
        case _:
            assert_never(schedule.when)
    if timezone is not None:
        extra.insert(0, f"timezone={quoted(timezone)}")
    if not schedule.active:
        extra.append("active=False")
    if schedule.parameters:
        extra.append(literal(dict(schedule.parameters), "parameters="))
    return call(f"{before}{imports.own('prefect.schedules', name)}", [first, *extra])


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds % size == 0:
            count = int(seconds // size)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{number(seconds)} seconds"


# Prefect event triggers.
# Events are named after the state's name, not its type. A run that ended early and well
# is `Stopped`; one that ran out of time is `TimedOut`.
COMPLETED = ("prefect.flow-run.Completed", "prefect.flow-run.Stopped")
FAILED = ("prefect.flow-run.Failed", "prefect.flow-run.TimedOut")
CRASHED = ("prefect.flow-run.Crashed",)
LATE = ("prefect.flow-run.Late",)


def completion_trigger(
    runner: str, after: Sequence[str], resident: frozenset[str] = frozenset()
) -> dict[str, Json]:
    """Starts `runner` when each of the runners in `after` has completed.

    Of several, each must have completed since the last start, in any order and without a
    limit of time. What a runner in `resident` completes is a tick with work.
    """
    name: Json = f"{runner} after {', '.join(after)}"
    completions = [
        _tick_event(upstream)
        if upstream in resident
        else run_event(COMPLETED, [upstream])
        for upstream in after
    ]
    if len(completions) == 1:
        return {"name": name, **completions[0]}
    return {
        "name": name,
        "type": "compound",
        "require": "all",
        "triggers": [*completions],
    }


def _tick_event(runner: str) -> dict[str, Json]:
    """The completion of a tick, whose run belongs to a flow but to no deployment."""
    event = run_event(COMPLETED, [runner])
    related: Json = {
        "prefect.resource.role": "flow",
        "prefect.resource.name": tick_flow(runner),
    }
    return {**event, "match_related": related}


def run_event(events: Sequence[str], runners: Sequence[str]) -> dict[str, Json]:
    """An event trigger: any of the events, of a run of any of the deployments."""
    return {
        "type": "event",
        "posture": "Reactive",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {
            "prefect.resource.role": "deployment",
            "prefect.resource.name": runners[0] if len(runners) == 1 else [*runners],
        },
        "expect": [*events],
        "threshold": 1,
    }


# A runner's entry under `deployments` in `prefect.yaml`.
#
# Work pool, work queue, job variables, triggers and pull steps are written as they
# are: they speak to Prefect, and a placeholder in them is one. Everything else is
# data, in which a placeholder would be replaced or lost (see `placeholder`).
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
