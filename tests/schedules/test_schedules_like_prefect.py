"""Schedules are due when Prefect says so: the Prefect and the Python that run this test."""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time
from typing import Any

import pytest
from prefect.server.schemas import schedules
from prefect.server.schemas.schedules import (
    CronSchedule,
    IntervalSchedule,
    RRuleSchedule,
)

from otac.schedules import Cron, Interval, RRule, When, in_utc
from otac.schedules.clocks import Untold, habits, installed
from otac.schedules.cron import CronError, parse
from otac.schedules.due import by_minute, upcoming
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
    for index, text in enumerate(rules(90, seed=ZONES.index(zone))):
        if problem(text) is not None:
            continue
        theirs = RRuleSchedule(rrule=text, timezone=zone)
        for start in _starts(index):
            try:
                found = ours(RRule(text, zone), start)
            except Untold:
                # It has more runs than anybody looks at one by one.
                continue
            assert found == prefects(theirs, start), (text, start)
            compared += 1
    assert compared > 80


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Dublin", 28), ("Europe/Berlin", 28), ("Africa/Casablanca", 21)],
)
def test_a_rule_where_clocks_go_forward(zone: str, day: int) -> None:
    """In Dublin and Casablanca that is the end of daylight saving time."""
    text = "FREQ=HOURLY;BYMINUTE=30"
    start = datetime(2026, 3, day, 22, tzinfo=UTC)
    found = ours(RRule(text, zone), start)
    assert found == prefects(RRuleSchedule(rrule=text, timezone=zone), start)


@pytest.mark.parametrize(
    ("when", "least"),
    [
        (RRule("FREQ=SECONDLY;INTERVAL=15", "Europe/Berlin"), 5_000),
        (
            RRule("DTSTART:20260101T000007\nRRULE:FREQ=SECONDLY;INTERVAL=50", None),
            1_700,
        ),
        (Interval(12.5, "2026-01-01T00:00:00Z", "Europe/Berlin"), 6_000),
        (Cron("*/5 * * * * */10", "Europe/Berlin", True), 1_600),
        (Cron("30 2 * * *", "Europe/Berlin", True), 1),
    ],
)
@pytest.mark.parametrize("day", [(3, 28), (3, 29), (6, 1), (10, 24), (10, 25)])
def test_what_is_counted_is_what_is_listed(
    when: When, least: int, day: tuple[int, int]
) -> None:
    start = datetime(2026, *day, 22, 0, tzinfo=UTC)
    end = start + timedelta(days=1)
    listed: Counter[int] = Counter()
    for moment in upcoming(when, start, installed()):
        if moment >= end:
            break
        listed[(moment - start) // timedelta(minutes=1)] += 1
    assert by_minute(when, start, 1440, installed()) == listed
    assert listed.total() >= least


def test_releases_differ_on_the_day_when_clocks_are_put_forward() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    when = Cron("15 2 * * *", "Europe/Berlin", True)
    early = next(upcoming(when, start, habits((3, 4, 20), (3, 11))))
    late = next(upcoming(when, start, habits((3, 4, 20), (3, 13))))
    newest = next(upcoming(when, start, habits((3, 9, 1), (3, 11))))
    assert (early.hour, late.hour, newest.hour) == (0, 1, 1)


def test_a_fast_rule_is_quick() -> None:
    begin = process_time()
    for _ in range(60):
        counted = by_minute(
            RRule("FREQ=SECONDLY;INTERVAL=15", None), STARTS[0], 1440, installed()
        )
        assert counted.total() == 5_760
    assert process_time() - begin < 5


def test_the_anchor_that_is_written_runs_on_every_prefect() -> None:
    """With another offset, 3.4.20 fails on Python 3.13."""
    instant = datetime.fromisoformat("2026-06-01T09:15:00+02:00")
    text = f'{{"interval": 3600, "anchor_date": "{in_utc(instant)}"}}'
    schedule = IntervalSchedule.model_validate_json(text)
    found = prefects(schedule, datetime(2026, 7, 1, tzinfo=UTC), 1)
    assert found == [datetime(2026, 7, 1, 0, 15, tzinfo=UTC)]
