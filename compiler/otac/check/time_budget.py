"""Intervals that are shorter than their runs may take."""

from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Composite, Project, Step
from otac.schedules.kinds import Interval


def check_time_budget(project: Project) -> Iterator[Diagnostic]:
    """Warn where the timeouts of a runner's steps add up to more than its interval."""
    for runner in project.runners:
        total = sum(timeouts(step) for step in runner.steps)
        if runner.resident is not None and total > runner.resident.interval_seconds:
            yield warning(
                "OTC363",
                f"a tick of runner `{runner.id}` may take longer than its interval",
                runner.origin,
                f"its steps may take {total:g} s, and it ticks every "
                f"{runner.resident.interval_seconds:g} s",
                help="lengthen the interval, or shorten `timeout_seconds`; ticks that are "
                "missed meanwhile are left out",
            )
        for schedule in runner.schedules if runner.resident is None else ():
            when = schedule.when
            if isinstance(when, Interval) and total > when.seconds:
                yield warning(
                    "OTC363",
                    f"runner `{runner.id}` may still run when it starts again",
                    runner.origin,
                    f"its steps may take {total:g} s, and it starts every "
                    f"{when.seconds:g} s",
                    help="lengthen the interval, or shorten `timeout_seconds`",
                )


def timeouts(step: Step) -> float:
    """The timeouts of a step and of those inside it, added up; seconds."""
    if isinstance(step.action, Composite):
        return sum(timeouts(inner) for inner in step.action.steps)
    return step.policy.timeout_seconds or 0.0
