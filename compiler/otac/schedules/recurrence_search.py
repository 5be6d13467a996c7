"""When a recurrence rule fires, on a clock without a time zone, as dateutil has it.

dateutil reads the rule and knows which days it means. It counts one by one from the start,
which for Prefect is 2020 where none is named (13 million steps for a rule of every 15
seconds), and looks for what never comes up to the year 9999. So its calendar is asked period
by period, from near the instant in question on and for a bounded time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from heapq import merge
from math import gcd
from typing import Any

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

from otac.schedules.clocks import Patience

# Prefect's, for rules that name no start.
START = datetime(2020, 1, 1)
# What is not found in so many years, or so many turns of more than a year, never comes.
_YEARS = 60
_TICKS = {HOURLY: 3600, MINUTELY: 60, SECONDLY: 1}
_DAY_SECONDS = 86_400
_EVEN = {WEEKLY: 7 * _DAY_SECONDS, DAILY: _DAY_SECONDS, **_TICKS}
# After so many counted ones it is clear how many there will be.
_SAMPLE = 200


def times(
    text: str, start: datetime, patience: Patience | None = None
) -> Iterator[datetime]:
    """The times at or after `start`, ascending, each once; `text` is a sound rule.

    All dates of it are read on the same clock, whatever zone they name: so does Prefect.
    Raises `Untold`, and `IndexError` where dateutil, and so Prefect, raises it.
    """
    found = parsed(text)
    patience = patience or Patience()
    if not isinstance(found, rruleset):
        return _rule_times(found, start, patience)
    plain: Any = found
    included = merge(
        *(_rule_times(rule, start, patience) for rule in plain._rrule),
        sorted(one for one in map(_plain, plain._rdate) if one >= start),
    )
    excluded = merge(
        *(_rule_times(rule, start, patience) for rule in plain._exrule),
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


def _rule_times(rule: Any, start: datetime, patience: Patience) -> Iterator[datetime]:
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
        reason = "it has too many runs a day to look at each"
    else:
        found = _moments(rule, begin, begin)
        reason = f"Prefect counts its runs from {begin.date()} on each time"
    for number, moment in enumerate(one for one in found if one >= begin):
        if moment > until or (left is not None and number >= left):
            return
        if moment >= start:
            yield moment
        elif left is None or number < _SAMPLE:
            patience.counts(1, reason)
        elif number == _SAMPLE and moment > begin:
            share = (start - moment) / (moment - begin)
            patience.counts(int(_SAMPLE * share), reason)


def step_of(text: str) -> int | None:
    """The seconds between two times of a sound rule without end that says no more."""
    rule = parsed(text)
    if isinstance(rule, rruleset) or rule._count is not None or rule._until:
        return None
    return _even_step(rule)


def _even_step(rule: Any) -> int | None:
    """The seconds between any two times of a rule that says no more than that."""
    named = rule._original_rule
    if rule._freq not in _EVEN or any(named.values()):
        return None
    step: int = _EVEN[rule._freq] * rule._interval
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


def _of_ticks(rule: Any, begin: datetime, near: datetime) -> Iterator[datetime]:
    """Of a rule that counts in hours, minutes or seconds."""
    step = _TICKS[rule._freq] * rule._interval
    within = _within(rule)
    common = gcd(step, _DAY_SECONDS)
    since = begin.hour * 3600 + begin.minute * 60 + begin.second
    if not within or next(_wanted(rule, since % common, common), None) is None:
        return
    unit = _TICKS[rule._freq]
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
        for second in _wanted(rule, first, step):
            for more in within:
                yield midnight + timedelta(seconds=second // unit * unit + more)


def _wanted(rule: Any, first: int, step: int) -> Iterator[int]:
    """The seconds of a day that a rule wants, of `first` and every `step` after it."""
    freq = rule._freq
    minutes = rule._byminute if freq >= MINUTELY else None
    seconds = rule._bysecond if freq >= SECONDLY else None
    for hour in sorted(rule._byhour or range(24)):
        parts = [(60 * hour, 60 * hour + 60)]
        if minutes:
            parts = [(60 * hour + one, 60 * hour + one + 1) for one in sorted(minutes)]
        for begin, end in parts:
            at = first + max(-((first - 60 * begin) // step), 0) * step
            for second in range(at, 60 * end, step):
                if not seconds or second % 60 in seconds:
                    yield second


def _within(rule: Any) -> list[int]:
    """What a tick stands for: the seconds after the beginning of its unit."""
    if rule._freq == HOURLY:
        minutes, seconds = sorted(rule._byminute), sorted(rule._bysecond)
        found = [60 * minute + second for minute in minutes for second in seconds]
    else:
        found = sorted(rule._bysecond) if rule._freq == MINUTELY else [0]
    if rule._bysetpos:
        size = len(found)
        indices = [p if p < 0 else p - 1 for p in rule._bysetpos]
        found = sorted({found[i] for i in indices if -size <= i < size})
    return found
