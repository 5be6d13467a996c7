"""More runs than a worker can start."""

from collections import defaultdict
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project, Runner
from otac.schedules.kinds import Cron, Interval, RRule, When

# Each run is a process that imports Prefect: two cores start so many a minute.
STARTS_A_MINUTE = 25
_MINUTES_A_DAY = 1440


def check_start_rate(project: Project) -> Iterator[Diagnostic]:
    """Warn for each work pool whose schedules start more runs than one worker can."""
    pools: dict[str, list[tuple[float, Runner]]] = defaultdict(list)
    for runner in project.runners:
        rate = sum(_rate(s.when) for s in runner.schedules if s.active)
        pools[runner.work_pool.name].append((rate, runner))
    for pool, rates in pools.items():
        total = sum(rate for rate, _ in rates)
        if total <= STARTS_A_MINUTE:
            continue
        rate, busiest = max(rates, key=lambda pair: pair[0])
        yield warning(
            "OTC389",
            f"work pool `{pool}` is asked to start {total:.0f} runs a minute",
            busiest.origin,
            f"{rate:.3g} of them are of this runner, and no other has more",
            help=f"a worker on two cores starts about {STARTS_A_MINUTE}: lengthen "
            "intervals, or spread the runners over several work pools",
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
