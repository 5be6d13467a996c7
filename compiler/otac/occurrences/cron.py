"""Instants of a cron expression.

Written here because the picture of a project is drawn by the base install, and because the
libraries for it do not agree with each other; what counts is what Prefect does (croniter).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from otac.lower.cron import FIELDS, SHORTHANDS, CronField
from otac.lower.project import Cron

# The 29th of February is on a given day of the week once in 28 years, or in 40.
_LONGEST_WAIT_DAYS = 41 * 366


class _Days(NamedTuple):
    """Which days an expression means; None in place of a set for all of them."""

    of_month: frozenset[int] | None
    last_of_month: bool
    of_week: frozenset[int] | None
    # (day of the week, which one in the month; 0: the last)
    nth_of_week: frozenset[tuple[int, int]]
    months: frozenset[int]
    either: bool

    def has(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_month, by_week = self._by_month(day), self._by_week(day)
        if self.either and self._names_both():
            return by_month or by_week
        return by_month and by_week

    def _names_both(self) -> bool:
        return self.of_month is not None and self.of_week is not None

    def _by_month(self, day: date) -> bool:
        if self.of_month is None:
            return True
        last = self.last_of_month and day.day == monthrange(day.year, day.month)[1]
        return last or day.day in self.of_month

    def _by_week(self, day: date) -> bool:
        if self.of_week is None:
            return True
        weekday = day.isoweekday() % 7
        is_last = day.day + 7 > monthrange(day.year, day.month)[1]
        return (
            weekday in self.of_week
            or (weekday, (day.day - 1) // 7 + 1) in self.nth_of_week
            or (is_last and (weekday, 0) in self.nth_of_week)
        )


def cron_times(
    when: Cron, start: datetime, zone: ZoneInfo | None
) -> Iterator[datetime]:
    """Ascending on the wall clock of the zone; the expression is a sound one."""
    text = when.expression.lower().strip()
    words = SHORTHANDS.get(text, text).split()
    minutes, hours, _, months, _ = (
        _numbers(field, word) for field, word in zip(FIELDS, words, strict=True)
    )
    days = _days(words[2], words[4], months, when.day_or)
    times = [time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)]
    day = start.astimezone(zone or UTC).date()
    silent = 0
    while silent < _LONGEST_WAIT_DAYS:
        silent += 1
        if days.has(day):
            silent = 0
            for moment in times:
                yield datetime.combine(day, moment, zone or UTC)
        day += timedelta(days=1)


def _days(of_month: str, of_week: str, months: frozenset[int], either: bool) -> _Days:
    month_days = _numbers(FIELDS[2], of_month)
    week_days = _numbers(FIELDS[4], of_week)
    nth: set[tuple[int, int]] = set()
    for part in of_week.split(","):
        name, hash_sign, which = part.partition("#")
        if hash_sign:
            nth.add((_value(FIELDS[4], name), int(which)))
        elif part.startswith("l"):
            nth.add((_value(FIELDS[4], part[1:]), 0))
    return _Days(
        None if _is_any(of_month, len(month_days) == 31, of_week) else month_days,
        "l" in of_month.split(","),
        None if _is_any(of_week, len(week_days) == 7, of_month) else week_days,
        frozenset(nth),
        months,
        either,
    )


def _is_any(word: str, is_full: bool, other: str) -> bool:
    """Whether a kind of day does not count.

    One that lists every day does count, unless there is a `*` in the other kind.
    """
    return not {"*", "?"}.isdisjoint(word.split(",")) or (is_full and "*" in other)


def _numbers(field: CronField, word: str) -> frozenset[int]:
    """The numbers of a field without the forms that are about days of a month."""
    found: set[int] = set()
    for part in word.split(","):
        if not part.startswith("l") and "#" not in part:
            found.update(_part(field, part))
    return frozenset(found)


def _part(field: CronField, part: str) -> list[int]:
    # Sunday is both 0 and 7, and counts as 0.
    most = min(field.most, 6) if field is FIELDS[4] else field.most
    span, slash, step_text = part.partition("/")
    step = int(step_text) if slash else 1
    if span in ("*", "?"):
        return [*range(field.least, most + 1, step)]
    low, dash, high = span.partition("-")
    first = _value(field, low)
    if not dash and not slash:
        return [first]
    last = _value(field, high) if dash else most
    if first == last:
        # `mon-mon`, and `59/5`: the whole turn.
        return [*range(field.least, most + 1, step)]
    if first < last:
        return [*range(first, last + 1, step)]
    # Over the turn: `22-6`. What is left of the last step is gone on with, if any is.
    before = [*range(first, most + 1, step)]
    rest = most - before[-1]
    past_end = before[-1] - field.least + step > most - field.least + 1
    skipped = step - rest if past_end and rest < step else 0
    return [*before, *range(field.least + skipped, last + 1, step)]


def _value(field: CronField, word: str) -> int:
    value = field.names[word] if word in field.names else int(word)
    return value % 7 if field is FIELDS[4] else value
