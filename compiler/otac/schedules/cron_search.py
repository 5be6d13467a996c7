"""When a cron expression fires, on a clock without a time zone, as croniter searches.

Its search is imitated and not only its meaning, because it shows: from the end of February
it leaps over the 1st of March if the day it looks for is a 30th or 31st, and where days of
the month and of the week are given, it fails as soon as either of them alone never comes.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from otac.schedules.cron import LAST, CronExpression

# What it searches before it gives up.
_YEARS = 50
_DAY = timedelta(days=1)


class NothingFound(Exception):
    """Where croniter raises: no date is found within 50 years, or the years have ended."""


class Search:
    """The times of one expression. `day_or`: either kind of day will do.

    `whole_minutes`: those of its minutes, whatever its seconds are.
    """

    def __init__(
        self, expression: CronExpression, day_or: bool, *, whole_minutes: bool = False
    ) -> None:
        self._expression = expression
        self._either = day_or and expression.names_both_days
        self._has_seconds = expression.has_seconds and not whole_minutes
        self._tick = timedelta(seconds=1 if self._has_seconds else 60)
        self.times = _times(expression, self._has_seconds)

    def from_(self, start: datetime) -> Iterator[datetime]:
        """The times at or after `start`, ascending. Raises `NothingFound` at their end."""
        rest = timedelta(seconds=0 if self._has_seconds else start.second)
        start = start - rest + (self._tick if rest else timedelta(0))
        if start.microsecond:
            start = start.replace(microsecond=0) + self._tick
        day, since = start.date(), start.time()
        while True:
            found = self._day(day, is_over=self.times[-1] < since)
            if found != day:
                day, since = found, time.min
            for moment in self.times:
                if moment >= since:
                    yield datetime.combine(day, moment)
            # Where the search goes on: on the same day, if there is any of it left.
            after = datetime.combine(day, self.times[-1]) + self._tick
            day, since = after.date(), after.time()

    def fires_on(self, day: date) -> bool:
        """Whether it fires on a day, wherever the search comes from."""
        try:
            return self._day(day, is_over=False) == day
        except NothingFound:
            return False

    def _day(self, day: date, *, is_over: bool) -> date:
        if not self._either:
            return self._next(day, is_over, by_month=True, by_week=True)
        return min(
            self._next(day, is_over, by_month=True, by_week=False),
            self._next(day, is_over, by_month=False, by_week=True),
        )

    def _next(
        self, start: date, is_over: bool, *, by_month: bool, by_week: bool
    ) -> date:
        """The first day at or after `start`; after it, where its times are over."""
        day = start
        while day.year - start.year <= _YEARS:
            moved = self._move(day, by_month, by_week)
            if moved is not None:
                day = moved
            elif day == start and is_over:
                day += _DAY
            else:
                return day
        raise NothingFound

    def _move(self, day: date, by_month: bool, by_week: bool) -> date | None:
        """A later day to look at, or None if this one is right."""
        wanted = self._expression
        if wanted.years is not None and day.year not in wanted.years:
            year = next((year for year in wanted.years if year > day.year), None)
            if year is None:
                raise NothingFound
            return date(year, 1, 1)
        if wanted.months is not None and day.month not in wanted.months:
            ahead = _ahead(day.month, wanted.months, 12)
            month = day.month - 1 + ahead
            return date(day.year + month // 12, month % 12 + 1, 1)
        length = monthrange(day.year, day.month)[1]
        if by_month and wanted.days is not None:
            days = (*wanted.days, length) if wanted.last_day else wanted.days
            is_last = wanted.last_day and day.day == length
            if not is_last and (ahead := _ahead(day.day, days, length)):
                return day + timedelta(days=ahead)
        if wanted.nth:
            nth = _days_of_month(wanted.nth, day, length)
            coming = min((one for one in nth if one >= day.day), default=length + 1)
            return day + timedelta(days=coming - day.day) if coming != day.day else None
        if by_week and wanted.weekdays is not None:
            ahead = _ahead(day.isoweekday() % 7, wanted.weekdays, 7)
            return day + timedelta(days=ahead) if ahead else None
        return None


def _ahead(value: int, wanted: Sequence[int], size: int) -> int:
    """The way to the next number that is wanted, over the turn if there is none left.

    In the order of the list: a number that the month does not have is gone to all the same.
    """
    for number in wanted:
        if number >= value:
            return number - value
    return wanted[0] - value + size


def _days_of_month(
    nth: frozenset[tuple[int, int]], day: date, length: int
) -> Iterator[int]:
    first = day.replace(day=1).isoweekday() % 7
    for weekday, which in nth:
        days = range(1 + (weekday - first) % 7, length + 1, 7)
        if which == LAST:
            yield days[-1]
        elif which <= len(days):
            yield days[which - 1]


def _times(wanted: CronExpression, has_seconds: bool) -> tuple[time, ...]:
    seconds = (wanted.seconds or range(60)) if has_seconds else (0,)
    return tuple(
        time(hour, minute, second)
        for hour in wanted.hours or range(24)
        for minute in wanted.minutes or range(60)
        for second in seconds
    )
