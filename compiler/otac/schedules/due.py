"""When a schedule is due: the instants, as Prefect computes them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import heappop, heappush
from itertools import chain, pairwise, takewhile
from typing import assert_never

from otac.schedules import Cron, Interval, RRule, When
from otac.schedules.clocks import (
    ClockGap,
    Habits,
    Patience,
    changes,
    instant,
    just_skipped,
    wall,
    zone_of,
)
from otac.schedules.cron import parse
from otac.schedules.cron_search import NothingFound, Search
from otac.schedules.intervals import interval_times

_MINUTE = timedelta(minutes=1)
# No zone's clocks leap further.
_HELD = timedelta(hours=4)
_HOUR = timedelta(hours=1)
# Of the instants of one schedule: seven a minute, all day.
MOST = 10_000
_TOO_MANY = "it, or all together, start more runs in these hours than are looked at"


def upcoming(
    when: When, start: datetime, habits: Habits, patience: Patience | None = None
) -> Iterator[datetime]:
    """The instants at or after `start`, ascending, in UTC, each once.

    There may be no end to them. Raises `Untold` for a time zone that this machine
    does not know, and where `patience` is at an end.
    """
    match when:
        case Interval():
            found = interval_times(when, start, habits)
        case Cron():
            found = _cron_times(when, start, habits)
        case RRule():
            found = _rrule_times(when, start, patience)
        case _:
            assert_never(when)
    last: datetime | None = None
    for moment in found:
        if moment >= start and moment != last:
            yield moment
            last = moment


def by_minute(
    when: When,
    start: datetime,
    minutes: int,
    habits: Habits,
    shared: Patience | None = None,
) -> Counter[int]:
    """How many instants there are in each of the minutes from `start` on.

    Counted and not listed where there may be one a second, or more.
    """
    patience = Patience(MOST, shared)
    end = start + minutes * _MINUTE
    step = _step(when)
    if step is not None and step < 60:
        is_even = not changes(start, end, zone_of(when.timezone))
        if is_even or (isinstance(when, Interval) and not habits.once_a_clock):
            return _of_seconds(when, step, start, minutes, habits)
    times = 1
    if isinstance(when, Cron) and (expression := parse(when.expression)).has_seconds:
        # Each of its minutes has the same seconds.
        times = len(expression.seconds or range(60))
        start = start.replace(second=0, microsecond=0)
        found = _cron_times(when, start, habits, whole_minutes=True)
    else:
        found = upcoming(when, start, habits, patience)
    instants = takewhile(lambda one: one < end, found)
    counted: Counter[int] = Counter()
    last: datetime | None = None
    for one in instants:
        patience.counts(1, _TOO_MANY)
        if one >= start and one != last:
            counted[(one - start) // _MINUTE] += 1
        last = one
    return Counter({minute: times * count for minute, count in counted.items()})


def _step(when: When) -> float | None:
    """The seconds between two instants, if they are always the same but for clocks."""
    match when:
        case Interval(seconds=seconds):
            return seconds
        case RRule(rule=rule):
            from otac.schedules.recurrence_search import step_of

            return step_of(rule)
        case _:
            return None


def _of_seconds(
    when: When, step: float, start: datetime, minutes: int, habits: Habits
) -> Counter[int]:
    due = next(upcoming(when, start, habits), None)
    if due is None:
        return Counter()
    first = (due - start).total_seconds()
    passed = [max(-((first - 60 * m) // step), 0) for m in range(minutes + 1)]
    counts = [int(after - before) for before, after in pairwise(passed)]
    return Counter({minute: count for minute, count in enumerate(counts) if count})


def _cron_times(
    when: Cron, start: datetime, habits: Habits, *, whole_minutes: bool = False
) -> Iterator[datetime]:
    """As instants; a time that clocks skip may be among them twice."""
    zone = zone_of(when.timezone)
    search = Search(parse(when.expression), when.day_or, whole_minutes=whole_minutes)
    here = wall(start, zone)
    times = search.from_(here)
    skipped = just_skipped(start, zone) if habits.looks_back else timedelta(0)
    if skipped:
        before = takewhile(lambda one: one < here, _found(search.from_(here - skipped)))
        return _instants(chain(before, _found(times)), zone, habits.cron_gap)
    return _instants(_found(times), zone, habits.cron_gap)


def _found(times: Iterator[datetime]) -> Iterator[datetime]:
    """Until Prefect's search would fail."""
    try:
        yield from times
    except NothingFound:
        return


def _rrule_times(
    when: RRule, start: datetime, patience: Patience | None
) -> Iterator[datetime]:
    from otac.schedules.recurrence_search import times

    zone = zone_of(when.timezone)
    # Those of the hour before, since a time that is skipped comes earlier.
    here = wall(start, zone)
    return _instants(times(when.rule, here, patience), zone, ClockGap.BY_DST)


def _instants(
    times: Iterator[datetime], zone: tzinfo, gap: ClockGap
) -> Iterator[datetime]:
    """Ascending, although what clocks skip is moved by the time that they skip.

    Around a change, instants are held back until no earlier one can come any more.
    """
    pending: list[datetime] = []
    hour: datetime | None = None
    is_even, offset = False, timedelta(0)
    for there in times:
        if hour is None or not hour <= there < hour + _HOUR:
            # Looked up once an hour: offsets are most of the work.
            hour = there.replace(minute=0, second=0, microsecond=0)
            about = instant(hour, zone, gap)
            is_even = not changes(about - _HELD, about + _HELD, zone)
            offset = hour - about.replace(tzinfo=None)
        if is_even:
            while pending:
                yield heappop(pending)
            yield (there - offset).replace(tzinfo=UTC)
            continue
        moment = instant(there, zone, gap)
        heappush(pending, moment)
        while pending[0] < moment - _HELD:
            yield heappop(pending)
    while pending:
        yield heappop(pending)
