"""When a recurrence rule fires, on a clock without a time zone, as dateutil has it.

dateutil reads the rule and knows which days it means. It counts one by one from the start,
which for Prefect is 2020 where none is named (13 million steps for a rule of every 15
seconds), and looks for what never comes up to the year 9999. So its calendar is asked period
by period, from near the instant in question on and for a bounded time.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from heapq import merge
from math import gcd
from typing import Any, NamedTuple

from dateutil.rrule import (
    DAILY,
    HOURLY,
    MINUTELY,
    MONTHLY,
    SECONDLY,
    WEEKLY,
    YEARLY,
    _iterinfo,
    rruleset,
    rrulestr,
)

from otac.schedules.clocks import Untold

# Prefect's, for rules that name no start.
START = datetime(2020, 1, 1)
# What is not found in so many years, or so many turns of more than a year, never comes.
_YEARS = 60
_TICKS = {HOURLY: 3600, MINUTELY: 60, SECONDLY: 1}
_DAY_SECONDS = 86_400
# Runs that are counted one by one; a configuration may have many such rules.
_MOST_COUNTED = 10_000


def times(text: str, start: datetime) -> Iterator[datetime]:
    """The times at or after `start`, ascending, each once; `text` is a sound rule.

    All dates of it are read on the same clock, whatever zone they name: so does Prefect.
    Raises `Untold`, and `IndexError` where dateutil, and so Prefect, raises it.
    """
    found = parsed(text)
    if not isinstance(found, rruleset):
        return _rule_times(found, start)
    plain: Any = found
    included = merge(
        *(_rule_times(rule, start) for rule in plain._rrule),
        sorted(one for one in map(_plain, plain._rdate) if one >= start),
    )
    excluded = merge(
        *(_rule_times(rule, start) for rule in plain._exrule),
        sorted(one for one in map(_plain, plain._exdate) if one >= start),
    )
    return _without(included, excluded)


def parsed(text: str) -> Any:
    """A rule, or a set of them, as dateutil has it. Raises `ValueError`."""
    return rrulestr(text, dtstart=START)


def _without(
    included: Iterable[datetime], excluded: Iterator[datetime]
) -> Iterator[datetime]:
    last: datetime | None = None
    barred = next(excluded, None)
    for one in included:
        while barred is not None and barred < one:
            barred = next(excluded, None)
        if one not in (barred, last):
            yield one
        last = one


def _plain(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _rule_times(rule: Any, start: datetime) -> Iterator[datetime]:
    """Those of one rule, from `start` on."""
    begin = _plain(rule._dtstart)
    until = _plain(rule._until) if rule._until else datetime.max
    left = rule._count
    step = _even_step(rule)
    if left is not None and step is not None:
        until = min(until, _later(begin, (left - 1) * step))
        left = None
    if left is None:
        found = _moments(rule, begin, max(begin, start))
    else:
        found = _moments(rule, begin, begin)
    for number, moment in enumerate(one for one in found if one >= begin):
        if moment > until or (left is not None and number >= left):
            return
        if moment >= start:
            yield moment
        elif left is not None and number > _MOST_COUNTED:
            raise Untold(f"Prefect counts its runs from {begin.date()} on each time")


def step_of(text: str) -> int | None:
    """The seconds between two times of a sound rule without end that says no more."""
    rule = parsed(text)
    if isinstance(rule, rruleset) or rule._count is not None or rule._until:
        return None
    return _even_step(rule)


def _even_step(rule: Any) -> int | None:
    """The seconds between any two times of a rule of ticks that says no more than that."""
    named = rule._original_rule
    if rule._freq not in _TICKS or any(named.values()):
        return None
    step: int = _TICKS[rule._freq] * rule._interval
    return step


def _later(moment: datetime, seconds: int) -> datetime:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max


def _moments(rule: Any, begin: datetime, near: datetime) -> Iterator[datetime]:
    """In order, from a little before `near` on."""
    if rule._freq in _TICKS:
        return _of_ticks(rule, begin, near)
    return _of_days(rule, begin, near)


def _of_days(rule: Any, begin: datetime, near: datetime) -> Iterator[datetime]:
    """Of a rule that counts in days, weeks, months or years."""
    clock = [
        time(hour, minute, second)
        for hour in sorted(rule._byhour)
        for minute in sorted(rule._byminute)
        for second in sorted(rule._bysecond)
    ]
    calendar = _Calendar(rule)
    for first in _periods(rule, begin.date(), near.date()):
        days = calendar.days(first)
        if rule._bysetpos:
            yield from _at_positions(rule._bysetpos, days, clock)
        else:
            days = [day for day in days if day >= near.date()]
            yield from (datetime.combine(d, t) for d in days for t in clock)


def _at_positions(
    positions: Iterable[int], days: list[date], clock: list[time]
) -> list[datetime]:
    """What `BYSETPOS` takes out of a period."""
    found: set[datetime] = set()
    for position in positions:
        index = position if position < 0 else position - 1
        day, moment = divmod(index, len(clock))
        if -len(days) <= day < len(days):
            found.add(datetime.combine(days[day], clock[moment]))
    return sorted(found)


class _Calendar:
    """The days that a rule means, by dateutil's own masks of a year."""

    def __init__(self, rule: Any) -> None:
        self._rule = rule
        self._info: Any = _iterinfo(rule)
        by_period = {
            YEARLY: self._info.ydayset,
            MONTHLY: self._info.mdayset,
            WEEKLY: self._info.wdayset,
        }
        self._dayset = by_period.get(rule._freq, self._info.ddayset)

    def days(self, first: date) -> list[date]:
        """Those of the period that begins on a day."""
        info = self._info
        info.rebuild(first.year, first.month)
        numbers, start, end = self._dayset(first.year, first.month, first.day)
        return [
            date.fromordinal(info.yearordinal + number)
            for number in numbers[start:end]
            if self._is_meant(number)
        ]

    def _is_meant(self, number: int) -> bool:
        """The conditions of `dateutil.rrule.rrule._iter`, in its words."""
        rule, info = self._rule, self._info
        year_day, length = number + 1, info.yearlen
        if number >= length:
            # A week that goes on in the next year.
            year_day, length = number + 1 - info.yearlen, info.nextyearlen
        return not (
            (rule._bymonth and info.mmask[number] not in rule._bymonth)
            or (rule._byweekno and not info.wnomask[number])
            or (rule._byweekday and info.wdaymask[number] not in rule._byweekday)
            or (info.nwdaymask and not info.nwdaymask[number])
            or (rule._byeaster and not info.eastermask[number])
            or (
                (rule._bymonthday or rule._bynmonthday)
                and info.mdaymask[number] not in rule._bymonthday
                and info.nmdaymask[number] not in rule._bynmonthday
            )
            or (
                rule._byyearday
                and year_day not in rule._byyearday
                and year_day - 1 - length not in rule._byyearday
            )
        )


def _periods(rule: Any, begin: date, near: date) -> Iterator[date]:
    """The first days of a rule's periods, from the one before `near` on."""
    interval = rule._interval
    last = min(near.year + _YEARS * max(1, _years(rule)), date.max.year - 1)
    if rule._freq in (YEARLY, MONTHLY):
        step = interval * (12 if rule._freq == YEARLY else 1)
        first = begin.year * 12 + begin.month - 1
        passed = max((near.year * 12 + near.month - 1 - first) // step - 1, 0)
        months = range(first + passed * step, last * 12, step)
        # The day matters in neither.
        yield from (date(month // 12, month % 12 + 1, 1) for month in months)
        return
    step, first = interval, begin.toordinal()
    if rule._freq == WEEKLY:
        step, first = 7 * interval, first - (begin.weekday() - rule._wkst) % 7
    elif rule._freq in _TICKS:
        step = 1
    passed = max((near.toordinal() - first) // step - 1, 0)
    for day in range(first + passed * step, date(last, 1, 1).toordinal(), step):
        # The week of the beginning begins with it.
        yield max(date.fromordinal(day), begin)


def _years(rule: Any) -> int:
    """How many years a turn of the rule takes, at least."""
    days = {YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1}
    turn: int = days.get(rule._freq, 0) * rule._interval // 366
    return turn


class _Clock(NamedTuple):
    """Which seconds of a day a rule of ticks wants, and what each of them stands for."""

    is_wanted: Callable[[int], bool]
    spread: Callable[[int], Iterable[int]]


def _of_ticks(rule: Any, begin: datetime, near: datetime) -> Iterator[datetime]:
    """Of a rule that counts in hours, minutes or seconds."""
    step = _TICKS[rule._freq] * rule._interval
    clock = _clock(rule)
    common = gcd(step, _DAY_SECONDS)
    since = begin.hour * 3600 + begin.minute * 60 + begin.second
    reached = filter(clock.is_wanted, range(since % common, _DAY_SECONDS, common))
    if not any(True for second in reached for _ in clock.spread(second)):
        return
    calendar = _Calendar(rule)
    for day in _periods(rule, begin.date(), near.date()):
        if day < near.date() or not calendar.days(day):
            continue
        midnight = datetime.combine(day, time.min)
        elapsed = round((midnight - begin).total_seconds())
        first = -elapsed % step if elapsed >= 0 else -elapsed
        if day == near.date():
            # From the hour of the instant on; a tick stands for an hour at most.
            first += max(-((first - near.hour * 3600) // step), 0) * step
        for second in filter(clock.is_wanted, range(first, _DAY_SECONDS, step)):
            for offset in clock.spread(second):
                yield midnight + timedelta(seconds=offset)


def _clock(rule: Any) -> _Clock:
    freq, hours, minutes, seconds = (
        rule._freq,
        rule._byhour,
        rule._byminute,
        rule._bysecond,
    )

    def is_wanted(second: int) -> bool:
        if hours and second // 3600 not in hours:
            return False
        if freq >= MINUTELY and minutes and second // 60 % 60 not in minutes:
            return False
        return not (freq >= SECONDLY and seconds and second % 60 not in seconds)

    if freq == HOURLY:
        within = [60 * m + s for m in sorted(minutes) for s in sorted(seconds)]
    elif freq == MINUTELY:
        within = sorted(seconds)
    else:
        within = [0]
    if rule._bysetpos:
        size = len(within)
        indices = [p if p < 0 else p - 1 for p in rule._bysetpos]
        within = sorted({within[i] for i in indices if -size <= i < size})
    unit = _TICKS[freq]
    return _Clock(
        is_wanted, lambda second: (second // unit * unit + more for more in within)
    )
