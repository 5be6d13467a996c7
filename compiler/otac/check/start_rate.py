"""More runs than a worker can start."""

import re
from collections import defaultdict
from collections.abc import Iterator

from otac.check.cron_times import cron_times
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Cron, Interval, Project, RRule, Runner

# Each run is a process that imports Prefect: two cores start so many a minute.
STARTS_A_MINUTE = 25
_MINUTES_A_DAY = 1440
_EVERY = re.compile(
    r"(?:RRULE:)?FREQ=(SECONDLY|MINUTELY)(?:;INTERVAL=(\d+))?", re.IGNORECASE
)


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


def _rate(when: Interval | Cron | RRule) -> float:
    """Runs a minute, on average over a day on which it fires."""
    match when:
        case Interval(seconds=seconds):
            return 60 / seconds
        case Cron(expression=expression):
            return cron_times(expression).a_day / _MINUTES_A_DAY
        case RRule(rule=rule):
            # Anything more particular than this has long pauses.
            found = _EVERY.fullmatch(rule.strip())
            if found is None:
                return 0.0
            each = 60 if found[1].upper() == "SECONDLY" else 1
            return each / int(found[2] or 1)
