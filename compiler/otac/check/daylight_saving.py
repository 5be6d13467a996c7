"""Times that the clocks of a time zone skip once a year."""

import json
from collections.abc import Iterator
from functools import cache

from otac import resources
from otac.check.cron_times import cron_times
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Cron, Project

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# What runs more often than this on a day is not meant to run at one certain time.
_FEW = 4


def check_daylight_saving(project: Project) -> Iterator[Diagnostic]:
    """Warn of cron schedules that name a time which one day of the year does not have.

    What clocks show twice is no surprise: Prefect takes the first of the two.
    """
    for runner in project.runners:
        for schedule in runner.schedules:
            when = schedule.when
            if not isinstance(when, Cron) or when.timezone is None:
                continue
            times = cron_times(when.expression)
            if times.a_day > _FEW:
                continue
            for month, first, last, weekday, start, end in skipped(when.timezone):
                hit = next(
                    (
                        hour * 60 + minute
                        for hour in sorted(times.hours)
                        for minute in sorted(times.minutes)
                        if start <= hour * 60 + minute < end
                    ),
                    None,
                )
                days = range(first, last + 1)
                if hit is not None and any(
                    times.on(month, day, weekday, when.day_or) for day in days
                ):
                    yield warning(
                        "OTC391",
                        f"one day in {_MONTHS[month - 1]} has no {_clock(hit)} in "
                        f"`{when.timezone}`",
                        schedule.origin or runner.origin,
                        f"clocks skip from {_clock(start)} to {_clock(end)} that day",
                        help="Prefect starts that run an hour early; choose another hour, "
                        "or leave out `timezone` for UTC",
                    )
                    break


@cache
def _by_zone() -> dict[str, list[list[int]]]:
    path = resources.folder("schemas") / "daylight_saving.json"
    groups = json.loads(path.read_text(encoding="utf-8"))
    return {zone: group["skipped"] for group in groups for zone in group["zones"]}


def skipped(zone: str) -> list[list[int]]:
    """`[month, first day, last day, weekday, from, to]`, in minutes of the day."""
    return _by_zone().get(zone, [])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
