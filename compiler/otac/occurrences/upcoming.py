"""The instants of a schedule from some instant on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otac.lower.project import Cron, Interval, RRule
from otac.occurrences.cron import cron_times
from otac.occurrences.interval import interval_times


class MissingLibrary(Exception):
    """The message says what is missing and how to get it."""


def upcoming(when: Interval | Cron | RRule, start: datetime) -> Iterator[datetime]:
    """The instants at or after `start`, ascending, in UTC, each once.

    There may be no end to them. Wall clock times that do not exist on a day when clocks
    are put forward come an hour later; those that exist twice come the first time.
    """
    zone = _zone(when.timezone)
    match when:
        case Interval():
            found = interval_times(when, start, zone)
        case Cron():
            found = cron_times(when, start, zone)
        case RRule():
            found = _rrule_times(when, start, zone)
        case _:
            assert_never(when)
    last: datetime | None = None
    for instant in found:
        instant = instant.astimezone(UTC)
        if instant >= start and (last is None or instant > last):
            yield instant
            last = instant


def _zone(name: str | None) -> ZoneInfo | None:
    """None for UTC, which needs no database."""
    if name is None or name == "UTC":
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise MissingLibrary(
            f"this machine does not know the time zone `{name}`: "
            'run `pip install "otac[graph]"`'
        ) from None


def _rrule_times(
    when: RRule, start: datetime, zone: ZoneInfo | None
) -> Iterator[datetime]:
    try:
        import dateutil  # noqa: F401
    except ImportError:
        raise MissingLibrary(
            'recurrence rules need `python-dateutil`: run `pip install "otac[graph]"`'
        ) from None
    from otac.occurrences.rrule import rrule_times

    return rrule_times(when, start, zone)
