"""Time that is not enough: for runs, their starts and retries, and steps that may wait for ever."""

import math
from collections import defaultdict
from collections.abc import Iterator

from otac.catalogue import Catalogue
from otac.diagnostics.diagnostic import Diagnostic, Label, warning
from otac.lower.policies import RETRIES, RETRY_DELAY
from otac.lower.project import Policy, Project, Runner, Step, calls
from otac.schedules import Cron, Interval, RRule, When


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
    return sum(inner.policy.timeout_seconds or 0.0 for inner, _ in calls((step,)))


# More runs than a worker can start.
# Each run is a process that imports Prefect, or is forked from one that has: two cores start
# so many a minute. 17 to 43 were measured, and 4.5 times as many (docs/operations.md).
STARTS_A_MINUTE = 25
WARM_STARTS_A_MINUTE = 110
_MINUTES_A_DAY = 1440


def check_start_rate(project: Project) -> Iterator[Diagnostic]:
    """Warn for each work pool whose schedules start more runs than one worker can."""
    pools: dict[str, list[tuple[float, Runner]]] = defaultdict(list)
    for runner in project.runners:
        rate = sum(_rate(s.when) for s in runner.schedules if s.active)
        pools[runner.work_pool.name].append((rate, runner))
    for pool, rates in pools.items():
        total = sum(rate for rate, _ in rates)
        cold = sum(rate for rate, runner in rates if not runner.work_pool.starts_warm)
        workers = cold / STARTS_A_MINUTE + (total - cold) / WARM_STARTS_A_MINUTE
        if workers <= 1:
            continue
        rate, busiest = max(rates, key=lambda pair: pair[0])
        yield warning(
            "OTC389",
            f"work pool `{pool}` is asked to start {total:.0f} runs a minute",
            busiest.origin,
            f"{rate:.3g} of them are of this runner, and no other has more",
            help=f"a worker on two cores starts about {STARTS_A_MINUTE}, and"
            f" {WARM_STARTS_A_MINUTE} with `prefect.start: warm`: this takes"
            f" {math.ceil(workers)}; lengthen intervals, or let a runner be"
            " resident (`mode: resident`)",
        )


def _rate(when: When) -> float:
    """Runs a minute, on average over a day on which it fires."""
    match when:
        case Interval(seconds=seconds):
            return 60 / seconds
        case Cron(expression=expression):
            from otac.schedules.cron import parse

            return parse(expression).a_day / _MINUTES_A_DAY
        case RRule(rule=rule):
            from otac.schedules.recurrence import a_day

            # Anything more particular than every minute or second has long pauses.
            return a_day(rule) / _MINUTES_A_DAY


# Steps that may wait for ever, and time-outs that cannot help it.
def check_waiting(project: Project, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Warn of steps without a timeout whose component talks to a network without one.

    Components that come with otac have timeouts of their own.
    """
    for runner in project.runners:
        if runner.flow_timeout_seconds is None:
            yield from _endless(runner, catalogue)
        yield from _blocking(runner, catalogue)


def _endless(runner: Runner, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for step, call in calls(runner.steps):
        component = call.component
        info = catalogue.behind(component.module, component.name)
        if info is None or not info.network or step.policy.timeout_seconds is not None:
            continue
        yield warning(
            "OTC386",
            f"step `{step.id}` may wait for ever",
            component.origin,
            f"`{component.module}` talks to a network and sets no timeout",
            help="add `timeout_seconds` to the step, the runner or the defaults"
            if info.blocks is None
            else f"give `{info.blocks}` a timeout of its own, since `timeout_seconds` "
            "cannot end an `async def` that blocks; or write it as a plain `def` and add "
            "`timeout_seconds` to the step",
        )


def _blocking(runner: Runner, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for step, call in calls(runner.steps):
        component = call.component
        info = catalogue.behind(component.module, component.name)
        if info is None or info.blocks is None:
            continue
        key = "timeout_seconds"
        if step.policy.timeout_seconds is None:
            if runner.flow_timeout_seconds is None:
                continue
            key = "flow_timeout_seconds"
        yield warning(
            "OTC397",
            f"`{key}` cannot end step `{step.id}`",
            component.origin,
            f"`{component.name}` is `async def` and calls `{info.blocks}`, during which"
            " nothing else gets a turn",
            help="write it as a plain `def`, which runs in a thread, and give the call a"
            " timeout of its own; or await something, such as `asyncio.sleep`",
        )


# Steps that are still being retried when their runner starts again.
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
        steps = [step for step, _ in calls(runner.steps)]
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
