"""The three kinds of schedules."""

from typing import NamedTuple, TypeAlias


class Interval(NamedTuple):
    """Every `seconds`; `anchor` is an ISO 8601 instant in UTC that fixes the phase."""

    seconds: float
    anchor: str
    timezone: str | None


class Cron(NamedTuple):
    """A cron expression, read in `timezone` (None: UTC)."""

    expression: str
    timezone: str | None
    day_or: bool


class RRule(NamedTuple):
    """An iCalendar recurrence rule, read in `timezone` (None: UTC)."""

    rule: str
    timezone: str | None


When: TypeAlias = Interval | Cron | RRule
