"""Steps that are still being retried when their runner starts again."""

from collections.abc import Iterator

from otac.check.time_budget import timeouts
from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.lower.policies import RETRIES, RETRY_DELAY
from otac.lower.project import Composite, Policy, Project, Step
from otac.schedules.kinds import Interval


def check_retry_budget(project: Project) -> Iterator[Diagnostic]:
    """Warn where one failing step takes longer than the runner's interval.

    The steps are not added up: the first that fails for good ends its list. Nobody asked
    for the built-in delays, so nobody is told about them.
    """
    for runner in project.runners:
        intervals = [
            schedule.when.seconds
            for schedule in runner.schedules
            if isinstance(schedule.when, Interval) and schedule.active
        ]
        if not intervals:
            continue
        shortest = min(intervals)
        if sum(timeouts(step) for step in runner.steps) > shortest:
            continue  # `check_time_budget` has told of that
        # There may be none: what was refused has been taken out of the lists.
        steps = list(_steps(runner.steps))
        if not steps:
            continue
        worst = max(steps, key=lambda step: _budget(step.policy))
        budget = _budget(worst.policy)
        if budget > shortest and not _is_built_in(worst.policy):
            yield warning(
                "OTC385",
                f"step `{worst.id}` may be retried for {_shown(budget)}",
                worst.origin,
                f"the runner starts every {_shown(shortest)}",
                labels=(Label(runner.origin, "this runner"),),
                help="fewer `retries`, a shorter `retry_delay_seconds` or "
                "`timeout_seconds`, or a longer interval",
            )


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step.action, Composite):
            yield from _steps(step.action.steps)
        else:
            yield step


def _budget(policy: Policy) -> float:
    """The delays between the attempts, and the timeouts of all of them; seconds."""
    if policy.retries == 0:
        return 0.0  # a timeout alone is nothing of this rule's
    delays = policy.retry_delays
    if isinstance(delays, tuple):
        # Prefect repeats the last delay.
        waiting = sum(delays[: policy.retries])
        waiting += delays[-1] * max(0, policy.retries - len(delays)) if delays else 0
    else:
        waiting = delays * policy.retries
    return waiting + (policy.retries + 1) * (policy.timeout_seconds or 0.0)


def _is_built_in(policy: Policy) -> bool:
    return policy.timeout_seconds is None and (
        policy.retries,
        policy.retry_delays,
    ) == (RETRIES, RETRY_DELAY)


def _shown(seconds: float) -> str:
    return f"{seconds:g} s"
