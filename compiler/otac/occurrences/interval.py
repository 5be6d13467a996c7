"""Instants at equal distances."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

from otac.lower.project import Interval

_DAY_SECONDS = 86_400


def interval_times(
    when: Interval, start: datetime, zone: ZoneInfo | None
) -> Iterator[datetime]:
    """The anchor and what is a whole number of intervals away from it.

    Whole days are days of the time zone, even where those have 23 or 25 hours.
    """
    step = timedelta(seconds=when.seconds)
    anchor = datetime.fromisoformat(when.anchor)
    if anchor.tzinfo is None:
        anchor = anchor.replace(tzinfo=zone or UTC)
    if zone is None or when.seconds % _DAY_SECONDS:
        anchor = anchor.astimezone(UTC)
        number = floor((start - anchor) / step)
        while True:
            yield anchor + number * step
            number += 1
    wall = anchor.astimezone(zone).replace(tzinfo=None)
    here = start.astimezone(zone).replace(tzinfo=None)
    number = floor((here - wall) / step) - 1
    while True:
        yield (wall + number * step).replace(tzinfo=zone)
        number += 1
