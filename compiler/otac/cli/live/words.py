"""Schedules, times and reasons in few words, for columns."""

import re
from typing import assert_never

from otac.diagnostics.frame import visible
from otac.emit.literal import number
from otac.lower.project import Runner, Schedule
from otac.schedules import Cron, Interval, RRule

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_PLACE = re.compile(r" \[runner `[^`]*`, ([^\]]+:\d+)\]")


def moments(runner: Runner) -> str:
    """`every 5 min`, `cron 0 6 * * *`, `after fetch`."""
    if runner.resident is not None:
        return f"every {_exact(runner.resident.interval_seconds)}"
    found = [_moment(schedule) for schedule in runner.schedules]
    if runner.after:
        found.append(f"after {' and '.join(runner.after)}")
    if runner.triggers:
        found.append("on events")
    return visible(", ".join(found)) or "by hand"


def _moment(schedule: Schedule) -> str:
    match schedule.when:
        case Interval(seconds):
            words = f"every {_exact(seconds)}"
        case Cron(expression, timezone):
            words = f"cron {expression}{f' {timezone}' if timezone else ''}"
        case RRule(rule):
            words = f"rrule {rule}"
        case _:
            assert_never(schedule.when)
    return words if schedule.active else f"{words} (inactive)"


def _exact(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds % size == 0:
            return f"{int(seconds // size)} {unit}"
    return f"{number(seconds)} s"


def span(seconds: float) -> str:
    """`42 s`, `4 min`, `2 h`: the largest unit that gives one at least."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "0 s"


def reason(message: str) -> str:
    """The first line of a state's message, its place in the configuration first.

    The end of it is what a narrow terminal cuts off.
    """
    lines = message.strip().splitlines()
    if not lines:
        return ""
    first = lines[0]
    found = place(message)
    if found is None:
        return visible(first)
    return visible(f"{found}: {_PLACE.sub('', first)}")


def place(message: str) -> str | None:
    """`config.yml:41`, where a state's message names a place in the configuration."""
    found = _PLACE.search(message)
    return None if found is None else found[1]
