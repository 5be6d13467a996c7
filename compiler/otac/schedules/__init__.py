"""Time: what a schedule means, and when Prefect has it due.

The one home of cron, recurrence rules, intervals, time zones and changes of clocks. What
counts is what Prefect does; its releases differ, and `habits.py` says how.

Here itself, the three kinds of schedules, and nothing that is slow to import: a build with
intervals alone pays for neither cron nor dateutil.
"""

from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple, TypeAlias

from otac import resources


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


def in_utc(instant: datetime) -> str:
    """As every Prefect reads it: 3.4.20 on Python 3.13 fails for any other offset.

    The phase is the same, and days are those of `timezone`, whatever the offset says.
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


# The names of time zones.
#
# Kept as a list with otac, because the machine's own database differs from machine to
# machine (Windows has none) and a configuration must mean the same everywhere.
@cache
def timezones() -> frozenset[str]:
    """All names of the IANA database (`schemas/timezones.txt`)."""
    path = resources.folder("schemas") / "timezones.txt"
    return frozenset(path.read_text(encoding="ascii").split())
