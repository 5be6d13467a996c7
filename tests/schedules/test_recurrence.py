"""Recurrence rules: what is refused, why, and that `dateutil`, Prefect's parser, agrees."""

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.schedules.recurrence import is_over, oddities, problem


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "freq=daily;byhour=8",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,-1FR,+2TU;WKST=SU",
        "DTSTART:20260101T080000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1",
        "DTSTART;TZID=Europe/Berlin:20260101T080000\nRRULE:FREQ=YEARLY",
        "DTSTART:20260101T080000Z\nRRULE:FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20271231T000000",
        "FREQ=YEARLY;BYMONTH=1,12;BYSETPOS=-1;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=-366,366",
        "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=YEARLY;BYEASTER=-2",
        "FREQ=DAILY\nEXDATE:20261224T000000",
        "FREQ=DAILY\nEXRULE:FREQ=WEEKLY",
        "RDATE:20271224T080000,20281224T080000",
        "DTSTART:20260101T080000\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20261224",
    ],
)
def test_accepted(text: str) -> None:
    assert problem(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no `FREQ=...` in it"),
        ("DTSTART:20260101T080000", "there is no `FREQ=...` in it"),
        ("every day", "`every day` is not of the form `NAME=value`"),
        ("FREQ=", "`FREQ=` is not of the form `NAME=value`"),
        ("BYHOUR=8", "`FREQ` is missing"),
        ("FREQ=DAILY;FREQ=DAILY", "`FREQ` is given twice"),
        ("FREQ=DAILY;COUNT=0", "`COUNT` is a number from 1"),
        ("FREQ=DAILY;INTERVAL=x", "`INTERVAL` is a number from 1"),
        ("FREQ=DAILY;UNTIL=tomorrow", "`UNTIL` is a date such as `20271231T000000`"),
        (
            "FREQ=DAILY;COUNT=1;UNTIL=20270101",
            "`COUNT` and `UNTIL` do not go together",
        ),
        ("FREQ=DAILY;BYHOUR=24", "`BYHOUR` lists numbers from 0 to 23"),
        ("FREQ=DAILY;BYHOUR=1,x", "`BYHOUR` lists numbers from 0 to 23"),
        ("FREQ=DAILY;BYMONTH=0", "`BYMONTH` lists numbers from 1 to 12"),
        ("FREQ=WEEKLY;BYDAY=MON", "`BYDAY` lists days such as `MO` or `-1FR`"),
        (
            "DTSTART:tomorrow\nRRULE:FREQ=DAILY",
            "`DTSTART` is not a date such as `20260101T080000`",
        ),
        (
            "VEVENT:FREQ=DAILY",
            "`VEVENT` is not known here; a rule starts with `FREQ=` or `RRULE:`",
        ),
    ],
)
def test_refused(text: str, reason: str) -> None:
    assert problem(text) == reason


def test_known_words_are_listed() -> None:
    assert problem("FREQ=DALY") == (
        "`FREQ` cannot be `DALY`; known are YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, "
        "MINUTELY, SECONDLY"
    )
    unknown = problem("FREQ=DAILY;TZID=UTC")
    assert unknown is not None
    assert unknown.startswith(
        "`TZID` is not a part of a rule; known are FREQ, INTERVAL"
    )


def _accepted_by_dateutil(text: str) -> bool:
    rules = pytest.importorskip("dateutil.rrule")
    try:
        # Prefect's start for a rule that has none.
        rules.rrulestr(text, dtstart=datetime(2020, 1, 1))
    except ValueError:
        return False
    return True


_NUMBERS = st.lists(st.integers(-60, 60).map(str), min_size=1, max_size=2).map(",".join)
_PARTS = st.one_of(
    st.tuples(
        st.sampled_from(
            ["BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"]
        ),
        _NUMBERS,
    ),
    st.tuples(st.sampled_from(["INTERVAL", "COUNT"]), st.integers(-1, 9).map(str)),
    st.tuples(st.just("BYDAY"), st.sampled_from(["MO", "1MO", "-1FR", "FR,SA", "XX"])),
    st.tuples(
        st.just("UNTIL"), st.sampled_from(["20270101", "20270101T000000", "soon"])
    ),
).map("=".join)


@settings(max_examples=500)
@given(
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "DALY"]),
    st.lists(_PARTS, max_size=3),
    st.sampled_from(["", "RRULE:", "DTSTART:20260101T080000\nRRULE:"]),
)
def test_what_is_accepted_dateutil_accepts(
    frequency: str, parts: list[str], before: str
) -> None:
    text = before + ";".join([f"FREQ={frequency}", *parts])
    if problem(text) is None:
        assert _accepted_by_dateutil(text)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;",
        "FREQ=DAILY;BYSETPOS=0",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=1",
        "FREQ=DAILY;BYSECOND=60",
        "FREQ=WEEKLY;BYDAY=0MO",
        "FREQ=WEEKLY;WKST=1MO",
        "FREQ=DAILY\nRDATE:tomorrow",
        "DTSTART:20260101T080000\\nRRULE:FREQ=DAILY",
        "DTSTART:20261301T080000\nRRULE:FREQ=DAILY",
        "DTSTART:20260101T080000\nRRULE:FREQ=DAILY;UNTIL=20271231T000000Z",
        "DTSTART:20260101T080000Z\nRRULE:FREQ=DAILY;UNTIL=20271231T000000",
    ],
)
def test_what_dateutil_refuses_is_refused(text: str) -> None:
    assert not _accepted_by_dateutil(text)
    assert problem(text) is not None


def test_an_end_in_utc_needs_a_start() -> None:
    assert problem("FREQ=DAILY;UNTIL=20271231T000000Z") == (
        "`UNTIL` stands in the schedule's time zone: write `20271231T000000`"
    )


def test_a_number_of_runs_needs_a_start() -> None:
    assert problem("FREQ=DAILY;COUNT=3") == "`COUNT` needs a `DTSTART` to count from"


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=60MO",
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
        "FREQ=HOURLY;INTERVAL=24;BYDAY=TU;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=HOURLY;BYSETPOS=2",
        "FREQ=SECONDLY;BYMONTHDAY=31;BYMONTH=6",
        "FREQ=DAILY;BYSETPOS=4",
        "DTSTART:20280101T080000\nRRULE:FREQ=DAILY;UNTIL=20270101T000000",
        "FREQ=DAILY\nEXRULE:FREQ=DAILY",
    ],
)
def test_what_never_fires_is_refused(text: str) -> None:
    assert problem(text) in (
        "it never fires: no moment fits all of its parts",
        "Prefect fails to look for its days",
    )


def test_what_is_over() -> None:
    assert is_over("FREQ=DAILY;UNTIL=20251201T000000")
    assert is_over("DTSTART:20240101T080000\nRRULE:FREQ=HOURLY;COUNT=50")
    assert is_over("RDATE:20250101T080000")
    assert not is_over("FREQ=DAILY;UNTIL=20300101T000000")
    assert not is_over("DTSTART:20240101T080000\nRRULE:FREQ=SECONDLY;COUNT=999999999")


def test_the_zone_of_a_rule_is_not_looked_at() -> None:
    start = "DTSTART;TZID=Europe/Paris:20260105T070000\nRRULE:FREQ=WEEKLY"
    (found,) = oddities(start, None)
    assert found.help.startswith("add `timezone: Europe/Paris`")
    assert not [*oddities(start, "Europe/Paris")]
    assert not [*oddities("FREQ=DAILY", "Europe/Paris")]


@pytest.mark.parametrize(
    ("rule", "better"),
    [
        ("FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=DAILY;BYDAY=-1FR;BYHOUR=8", "FREQ=MONTHLY;BYDAY=-1FR"),
        (
            "DTSTART:20260101T080000\nRRULE:FREQ=HOURLY;BYDAY=2TU",
            "FREQ=MONTHLY;BYDAY=2TU",
        ),
    ],
)
def test_numbers_of_weekdays_that_count_nothing(rule: str, better: str) -> None:
    """`dateutil` looks at the weekday alone, and at the number in the better form."""
    (found,) = oddities(rule, None)
    assert found.help == f"write `{better}`"
    begin = datetime(2026, 1, 1)
    plain = rule.replace(better[-3:] if "-" not in better else "-1FR", better[-2:])
    assert list(islice(rrulestr(rule, dtstart=begin), 9)) == list(
        islice(rrulestr(plain, dtstart=begin), 9)
    )
    months = {one.month for one in islice(rrulestr(better, dtstart=begin), 9)}
    assert len(months) == 9
    assert not [*oddities(better, None)]
    assert not [*oddities("FREQ=WEEKLY;BYDAY=MO,FR", None)]
