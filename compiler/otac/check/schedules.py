"""Schedules that do not run when they seem to: on days when clocks change, or never again."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project, Runner, Schedule
from otac.schedules import Cron, Interval, RRule
from otac.schedules.clocks import (
    SkippedTimes,
    Untold,
    skipped,
    skipped_time_is_early,
    wall,
    zone_of,
)
from otac.schedules.recurrence import NOW, is_over

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
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What runs more often than this on a day is not meant to run at one certain time.
_FEW = 4
# A rule of days may fall on the day of change in some years only.
_YEARS = range(2026, 2036)
_DAY_SECONDS = 86_400


def check_daylight_saving(project: Project) -> Iterator[Diagnostic]:
    """Warn of schedules that Prefect does not keep by the clock all year.

    What clocks show twice is no surprise: Prefect takes the first of the two.
    """
    for runner in project.runners:
        for schedule in runner.schedules:
            zone = schedule.when.timezone
            for change in () if zone is None else skipped(zone):
                found = _found(runner, schedule, change)
                if found is not None:
                    yield found
                    break


def _found(
    runner: Runner, schedule: Schedule, change: SkippedTimes
) -> Diagnostic | None:
    match schedule.when:
        case Interval() as when:
            return _moved(runner, schedule, when)
        case Cron() as when:
            hit = _of_cron(when, change)
            fate = (
                "Prefect starts that run {later}, before 3.9.1 on Python 3.11 and 3.12 "
                "{earlier}"
            )
        case RRule() as when:
            hit = _of_rule(when, change)
            is_early = hit and skipped_time_is_early(when.timezone)
            fate = f"Prefect starts that run {'{earlier}' if is_early else '{later}'}"
    if hit is None:
        return None
    length = change.end - change.start
    by = "an hour" if length == 60 else f"{length} minutes"
    fate = fate.format(later=f"{by} late", earlier=f"{by} early")
    month = _MONTHS[change.month - 1]
    skip = f"clocks skip from {_clock(change.start)} to {_clock(change.end)} that day"
    if change.year:
        day, skip = "a year", f"{skip}, {change.first_day} {month} in {change.year}"
    else:
        day = f"in {month}"
    return warning(
        "OTC391",
        f"one day {day} has no {_clock(hit)} in `{when.timezone}`",
        schedule.origin or runner.origin,
        skip,
        help=f"{fate}; choose another hour, or leave out `timezone` for UTC",
    )


def _days(change: SkippedTimes) -> Iterator[date]:
    for year in (change.year,) if change.year else _YEARS:
        for number in range(change.first_day, change.last_day + 1):
            day = date(year, change.month, number)
            if day.isoweekday() % 7 == change.weekday:
                yield day


def _of_cron(when: Cron, change: SkippedTimes) -> int | None:
    """The first minute that is skipped and meant."""
    from otac.schedules.cron import parse
    from otac.schedules.cron_search import Search

    expression = parse(when.expression)
    if expression.a_day > _FEW:
        return None
    search = Search(expression, when.day_or)
    minutes = [moment.hour * 60 + moment.minute for moment in search.times]
    hit = next((m for m in minutes if change.start <= m < change.end), None)
    if hit is None or not any(map(search.fires_on, _days(change))):
        return None
    return hit


def _of_rule(when: RRule, change: SkippedTimes) -> int | None:
    from otac.schedules.recurrence_search import times

    for day in _days(change):
        midnight = datetime.combine(day, time.min)
        tomorrow = midnight + timedelta(days=1)
        try:
            found = [*islice(times(when.rule, midnight), _FEW + 1)]
        except Untold:
            return None
        today = [one.hour * 60 + one.minute for one in found if one < tomorrow]
        if len(today) > _FEW:
            return None
        for minute in today:
            if change.start <= minute < change.end:
                return minute
    return None


def _moved(runner: Runner, schedule: Schedule, when: Interval) -> Diagnostic | None:
    """An interval of days: before 3.9.1 Prefect counts it in hours from the anchor."""
    if when.seconds < _DAY_SECONDS:
        return None
    return warning(
        "OTC349",
        "this interval does not keep its hour when clocks change",
        schedule.origin or runner.origin,
        f"Prefect before 3.9.1 counts it in hours: after a change in `{when.timezone}` "
        "runs come an hour off, and some twice",
        help=_by_clock(when),
    )


def _by_clock(when: Interval) -> str:
    """What means the same days at the same hour."""
    days, rest = divmod(when.seconds, _DAY_SECONDS)
    if rest:
        return "leave out `timezone`: without it the distances are all the same"
    try:
        anchor = wall(datetime.fromisoformat(when.anchor), zone_of(when.timezone))
    except Untold:
        return "write a `cron` expression with the hour that you mean"
    weekday = {1: "*", 7: _WEEKDAYS[anchor.weekday()]}.get(int(days))
    if weekday is None:
        start = f"{anchor:%Y%m%dT%H%M%S}"
        rule = f'"DTSTART:{start}\\nRRULE:FREQ=DAILY;INTERVAL={days:.0f}"'
        return f"write `rrule: {rule}` for the same hour all year"
    expression = f"{anchor.minute} {anchor.hour} * * {weekday}"
    if anchor.second:
        expression += f" {anchor.second}"
    return f'write `cron: "{expression}"` for the same hour all year'


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


# Recurrence rules that have come to their end.
def check_never_fires(project: Project) -> Iterator[Diagnostic]:
    """Warn of schedules that are over. One that never was is refused before."""
    for runner in project.runners:
        for schedule in runner.schedules:
            when = schedule.when
            if isinstance(when, RRule) and is_over(when.rule):
                yield warning(
                    "OTC390",
                    f"a schedule of runner `{runner.id}` never starts a run again",
                    schedule.origin or runner.origin,
                    f"its last run was before {NOW.year}",
                    help="correct the rule, or remove the schedule",
                )
