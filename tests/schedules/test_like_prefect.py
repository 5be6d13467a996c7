"""Schedules are due when Prefect says so: the Prefect and the Python that run this test."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from prefect.server.schemas import schedules
from prefect.server.schemas.schedules import (
    CronSchedule,
    IntervalSchedule,
    RRuleSchedule,
)

from otac.schedules.cron import CronError, parse
from otac.schedules.due import upcoming
from otac.schedules.habits import installed
from otac.schedules.kinds import Cron, Interval, RRule, When
from otac.schedules.recurrence import problem
from schedules.expressions import ZONES, crons, rules

# Prefect has it in one package or another.
_BadDate: Any = sys.modules[schedules.croniter.__module__].CroniterBadDateError
_COUNT = 25
# For rules, Prefect knows no summer time after 2037.
_FAR = datetime(2037, 1, 1, tzinfo=UTC)
# Days of change in all the zones, the hours around them, and some quiet days.
STARTS = [
    datetime(2026, 1, 30, 22, 7, 30, tzinfo=UTC),
    datetime(2026, 2, 26, 9, tzinfo=UTC),
    datetime(2026, 3, 7, 20, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 20, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 10, tzinfo=UTC),
    datetime(2026, 4, 4, 14, 40, tzinfo=UTC),
    datetime(2026, 4, 23, 21, 50, tzinfo=UTC),
    datetime(2026, 4, 23, 22, 20, 0, 500_000, tzinfo=UTC),
    datetime(2026, 10, 3, 14, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
    datetime(2026, 10, 29, 20, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC),
]


def ours(when: When, start: datetime, count: int = _COUNT) -> list[datetime]:
    found = list(islice(upcoming(when, start, installed()), count))
    return [one for one in found if one < _FAR]


def prefects(schedule: Any, start: datetime, count: int = _COUNT) -> list[datetime]:
    """Prefect's answer, in which instants of a skipped hour may be out of place.

    Before 3.9.1 it begins with what is over already where clocks have just been changed.
    """
    dates = asyncio.run(schedule.get_dates(n=count + 100, start=start))
    found = sorted({datetime.fromtimestamp(one.timestamp(), UTC) for one in dates})
    return [one for one in found if start <= one < _FAR][:count]


def _starts(index: int) -> list[datetime]:
    return [STARTS[index % len(STARTS)], STARTS[(index * 7 + 3) % len(STARTS)]]


@pytest.mark.parametrize("zone", ZONES)
def test_cron(zone: str) -> None:
    compared = 0
    for index, text in enumerate(crons(150, seed=ZONES.index(zone))):
        day_or = index % 3 != 0
        try:
            parse(text)
        except CronError:
            continue
        theirs = CronSchedule(cron=text, timezone=zone, day_or=day_or)
        for start in _starts(index):
            try:
                expected = prefects(theirs, start)
            except _BadDate:
                # What it would raise for later, within what it was asked for.
                continue
            # Fewer where it began with what is over.
            found = ours(Cron(text, zone, day_or), start, len(expected))
            assert found == expected, (text, day_or, start)
            compared += 1
    assert compared > 150


@pytest.mark.parametrize("zone", ZONES)
def test_intervals(zone: str) -> None:
    anchors = [
        "2025-01-01T00:00:00Z",
        "2026-06-01T07:00:00Z",
        "2026-03-01T01:15:00Z",
        "2026-01-01T07:30:00Z",
        "2026-10-25T00:30:00Z",
        "2027-08-08T16:45:00Z",
    ]
    for seconds in (
        45.5,
        300,
        3_600,
        43_200,
        86_400,
        172_800,
        604_800,
        95_000,
        200_000,
    ):
        for anchor in anchors:
            theirs = IntervalSchedule(
                interval=timedelta(seconds=seconds),
                anchor_date=datetime.fromisoformat(anchor),
                timezone=zone,
            )
            for start in STARTS:
                found = ours(Interval(seconds, anchor, zone), start)
                expected = prefects(theirs, start)
                assert found == expected, (seconds, anchor, start)


@pytest.mark.parametrize("zone", ZONES)
def test_rules(zone: str) -> None:
    compared = 0
    for index, text in enumerate(rules(120, seed=ZONES.index(zone))):
        if problem(text) is not None:
            continue
        theirs = RRuleSchedule(rrule=text, timezone=zone)
        for start in _starts(index):
            found = ours(RRule(text, zone), start)
            assert found == prefects(theirs, start), (text, start)
            compared += 1
    assert compared > 100
