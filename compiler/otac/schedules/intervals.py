"""Instants at equal distances, as Prefect counts them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from otac.schedules import Interval
from otac.schedules.clocks import ClockGap, Habits, gaps, instant, wall, zone_of

_DAY = timedelta(days=1)


def interval_times(
    when: Interval, start: datetime, habits: Habits
) -> Iterator[datetime]:
    """The instants at or after `start`, ascending, in UTC, without end.

    A part of a day is a distance in time; whole days are days on the clock of the zone.
    """
    steps = _Steps(when, habits)
    found = steps.by_days(start) if habits.counts_days else steps.by_hours(start)
    zone = zone_of(when.timezone)
    return _once(found, zone) if habits.once_a_clock and zone is not UTC else found


def _once(moments: Iterator[datetime], zone: tzinfo) -> Iterator[datetime]:
    """Without those that clocks show for the second time."""
    seen: set[datetime] = set()
    for moment in moments:
        here = wall(moment, zone)
        if moment.astimezone(zone).fold:
            if here in seen:
                continue
        elif instant(here, zone, ClockGap.LATE, second=True) != moment:
            seen.add(here)
        yield moment


class _Steps:
    def __init__(self, when: Interval, habits: Habits) -> None:
        self._zone = zone_of(when.timezone)
        self._step = timedelta(seconds=when.seconds)
        self._days = timedelta(days=self._step.days)
        self._rest = self._step - self._days
        self._second = habits.second_pass
        self._by_clock = habits.once_a_clock
        self._keeps_offset = habits.keeps_offset
        anchor = datetime.fromisoformat(when.anchor)
        self._anchor = anchor.replace(tzinfo=anchor.tzinfo or UTC).astimezone(UTC)

    def after(self, moment: datetime, number: int = 1) -> datetime:
        """So many steps later."""
        if not self._days or self._zone is UTC or not number:
            return moment + number * self._step
        here = wall(moment, self._zone)
        there = here + number * self._days
        if self._keeps_offset:
            offset = here - moment.replace(tzinfo=None)
            return _with_offset(there, offset, self._zone) + number * self._rest
        if self._second:
            return self._instant(there + number * self._rest)
        return self._instant(there) + number * self._rest

    def _is_before(self, one: datetime, other: datetime) -> bool:
        """Where clocks show both times twice, some of them compare what clocks show."""
        if self._by_clock and self._zone is not UTC:
            return wall(one, self._zone) < wall(other, self._zone)
        return one < other

    def _instant(self, there: datetime) -> datetime:
        return instant(there, self._zone, ClockGap.LATE, second=self._second)

    def by_hours(self, start: datetime) -> Iterator[datetime]:
        """Near the start by elapsed time, then step by step."""
        number = int((start - self._anchor) / self._step)
        moment = self._anchor + number * self._step
        while self._is_before(moment, start):
            moment = self.after(moment)
        while True:
            yield moment
            moment = self.after(moment)

    def by_days(self, start: datetime) -> Iterator[datetime]:
        """Whole days are walked from the anchor on; before it, counted back from it."""
        is_local = bool(self._days) and not self._rest and self._zone is not UTC
        if is_local and self._is_before(self._anchor, start):
            there = _advanced(self._anchor, start, self._days, self._zone)
            number, moment = 0, self._instant(there)
        else:
            number = int((start - self._anchor) / self._step)
            moment = self._jump(number)
            while self._is_before(start, moment):
                number -= 1
                moment = self._jump(number)
        is_reached = False
        while True:
            is_reached = is_reached or not self._is_before(moment, start)
            if is_reached:
                yield moment
            number += 1
            # Behind the anchor, what a skipped time has moved stays moved.
            is_before = is_local and number <= 0
            moment = self._jump(number) if is_before else self.after(moment)

    def _jump(self, number: int) -> datetime:
        if self._days and self._rest:
            return self._anchor + number * self._step
        return self.after(self._anchor, number)


def _advanced(
    anchor: datetime, start: datetime, days: timedelta, zone: tzinfo
) -> datetime:
    """The last time on the clock, at most two steps before `start`, of a walk by days.

    Where the walk comes to a time that clocks skip, it goes on at the later time.
    """
    here, goal = wall(anchor, zone), wall(start, zone)
    for first, end in gaps(zone, anchor - _DAY, start + _DAY):
        number = -((here - first) // days)
        met = here + number * days
        if first <= met < end and number > 0 and met <= goal:
            here = met + (end - first)
    return here + max((goal - here) // days - 1, 0) * days


def _with_offset(there: datetime, offset: timedelta, zone: tzinfo) -> datetime:
    """The instant of a time on the clock, of two the one that has an offset."""
    first = instant(there, zone, ClockGap.LATE)
    second = instant(there, zone, ClockGap.EARLY, second=True)
    has_offset = wall(second, zone) - second.replace(tzinfo=None) == offset
    return second if has_offset else first
