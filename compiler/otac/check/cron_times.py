"""When a cron expression fires, as sets of numbers. It has been found correct before."""

from functools import lru_cache
from typing import NamedTuple

from otac.lower.cron import FIELDS, SHORTHANDS, CronField


class CronTimes(NamedTuple):
    """Weekdays from 0, a Sunday. `L` and `fri#2` count as every day they may mean."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def on(self, month: int, day: int, weekday: int, day_or: bool) -> bool:
        """Whether it may fire on a day. Where both kinds are given, either will do."""
        if month not in self.months:
            return False
        if day_or and not self.any_day and not self.any_weekday:
            return day in self.days or weekday in self.weekdays
        return day in self.days and weekday in self.weekdays

    @property
    def a_day(self) -> int:
        """How often on a day on which it fires."""
        return len(self.minutes) * len(self.hours)


@lru_cache(maxsize=1024)
def cron_times(expression: str) -> CronTimes:
    """The times of an expression."""
    words = SHORTHANDS.get(expression.lower(), expression).lower().split()
    sets = [_values(field, word) for field, word in zip(FIELDS, words, strict=True)]
    minutes, hours, days, months, weekdays = sets
    return CronTimes(
        minutes,
        hours,
        days,
        months,
        frozenset(day % 7 for day in weekdays),
        words[2] in ("*", "?"),
        words[4] in ("*", "?"),
    )


def _values(field: CronField, word: str) -> frozenset[int]:
    found: set[int] = set()
    for part in word.split(","):
        found.update(_part(field, part))
    return frozenset(found)


def _part(field: CronField, part: str) -> range | list[int]:
    everything = range(field.least, field.most + 1)
    span, _, step = part.partition("/")
    if span == "?":
        return everything
    if span == "l":
        return range(28, 32)
    span = span.partition("#")[0].removeprefix("l" if len(span) == 2 else "")
    by = int(step) if step else 1
    if span == "*":
        return everything[::by]
    first, dash, last = span.partition("-")
    start = _number(field, first)
    end = _number(field, last) if dash else field.most if step else start
    if start <= end:
        return range(start, end + 1, by)
    # Over the turn: 22-6.
    return [*everything[start - field.least :], *everything[: end - field.least + 1]][
        ::by
    ]


def _number(field: CronField, word: str) -> int:
    return field.names[word] if word in field.names else int(word)
