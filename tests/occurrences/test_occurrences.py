"""Schedules are due when Prefect says so."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.server.schemas import schedules
from prefect.server.schemas.schedules import (
    CronSchedule,
    IntervalSchedule,
    RRuleSchedule,
)

from otac.lower import cron
from otac.lower.project import Cron, Interval, RRule
from otac.occurrences import upcoming

# Prefect has it in one package or another.
CroniterBadDateError = sys.modules[schedules.croniter.__module__].CroniterBadDateError
START = datetime(2026, 1, 30, 22, 7, 30, tzinfo=UTC)
COUNT = 40


def ours(when: Interval | Cron | RRule, start: datetime = START) -> list[datetime]:
    return list(islice(upcoming(when, start), COUNT))


def prefects(
    schedule: CronSchedule | IntervalSchedule | RRuleSchedule, start: datetime = START
) -> list[datetime]:
    dates = asyncio.run(schedule.get_dates(n=COUNT, start=start))
    return [datetime.fromtimestamp(one.timestamp(), UTC) for one in dates]


@pytest.mark.parametrize(
    "expression",
    [
        "0 6 * * *",
        "*/7 8-18 * * 1-5",
        "5/15 22-6 * * *",
        "0 0 13 * fri",
        "0 0 ? * sun,7",
        "30 4 L * *",
        "30 4 1,L * mon",
        "0 12 * * fri#2",
        "0 12 * * L5,mon#1",
        "0 9 29 feb *",
        "0 9 */3 * */2",
        "0 9 * oct-feb/2 sat-mon",
        "@hourly",
        "@weekly",
        "@Yearly",
    ],
)
@pytest.mark.parametrize("day_or", [True, False])
@pytest.mark.parametrize("timezone", [None, "America/New_York"])
def test_cron(expression: str, day_or: bool, timezone: str | None) -> None:
    assert not cron.problems(expression)
    theirs = CronSchedule(cron=expression, timezone=timezone, day_or=day_or)
    assert ours(Cron(expression, timezone, day_or)) == prefects(theirs)


def _field(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    part = st.one_of(
        st.just("*"),
        number.map(str),
        st.tuples(number, number).map(lambda pair: f"{pair[0]}-{pair[1]}"),
        st.tuples(number, st.integers(1, most)).map(lambda p: f"{p[0]}/{p[1]}"),
        st.integers(1, most).map(lambda step: f"*/{step}"),
    )
    return st.lists(part, min_size=1, max_size=2).map(",".join)


@settings(max_examples=150)
@given(st.tuples(*map(_field, (0, 0, 1, 1, 0), (59, 23, 31, 12, 6)), st.booleans()))
def test_any_cron(drawn: tuple[str, str, str, str, str, bool]) -> None:
    *words, day_or = drawn
    expression = " ".join(words)
    if cron.problems(expression):
        return
    mine = ours(Cron(expression, None, day_or))[:5]
    try:
        theirs = prefects(CronSchedule(cron=expression, day_or=day_or))[:5]
    except CroniterBadDateError:
        # It gives up on days that are decades away.
        return
    assert mine == theirs, expression


@pytest.mark.parametrize("seconds", [45.5, 300, 86_400, 7 * 86_400, 95_000])
@pytest.mark.parametrize("timezone", [None, "Europe/Berlin"])
def test_interval(seconds: float, timezone: str | None) -> None:
    if seconds == 95_000 and timezone is not None:
        pytest.skip("where clocks change, Prefect's answer depends on when it is asked")
    anchor = "2025-01-01T00:00:00+00:00"
    start = datetime(2026, 3, 20, 22, 7, tzinfo=UTC)
    theirs = IntervalSchedule(
        interval=timedelta(seconds=seconds), anchor_date=anchor, timezone=timezone
    )
    mine = ours(Interval(seconds, anchor, timezone), start)
    assert mine == prefects(theirs, start)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYHOUR=6,18;BYMINUTE=0;BYSECOND=0",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,-1FR",
        "DTSTART:20260201T080000\nRRULE:FREQ=HOURLY;INTERVAL=5;COUNT=7",
        "DTSTART:20260201T080000\nRRULE:FREQ=DAILY\nEXDATE:20260203T080000",
    ],
)
@pytest.mark.parametrize("timezone", [None, "Europe/Berlin"])
def test_rrule(rule: str, timezone: str | None) -> None:
    theirs = RRuleSchedule(rrule=rule, timezone=timezone or "UTC")
    assert ours(RRule(rule, timezone)) == prefects(theirs)


def test_clocks_that_are_put_forward_and_back() -> None:
    daily = Cron("30 2 * * *", "Europe/Berlin", True)
    spring = ours(daily, datetime(2026, 3, 28, tzinfo=UTC))[:3]
    assert [one.strftime("%d %H:%M") for one in spring] == [
        "28 01:30",
        "29 01:30",
        "30 00:30",
    ]
    autumn = ours(daily, datetime(2026, 10, 24, tzinfo=UTC))[:3]
    assert [one.strftime("%d %H:%M") for one in autumn] == [
        "24 00:30",
        "25 00:30",
        "26 01:30",
    ]
