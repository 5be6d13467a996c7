"""Cron expressions: what is refused, why, and that Prefect thinks the same."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.schedules.cron import FIELDS, CronError, CronProblem, parse
from otac.schedules.cron_findings import never, oddities


def problems(text: str, day_or: bool = True) -> tuple[CronProblem, ...]:
    try:
        parse(text)
    except CronError as refused:
        return refused.problems
    found = never(text, day_or)
    return () if found is None else (found,)


def problem(text: str) -> CronProblem | None:
    found = problems(text)
    assert len(found) <= 1
    return found[0] if found else None


_NEVER = "the day of the cron expression never comes"


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 */6 * * *",
        "  0   6 * * *  ",
        "*/15 8-18/2 1,15 * mon-fri",
        "0 0 l * *",
        "0 0 L jan,DEC *",
        "0 8 * * fri#2",
        "0 8 * * 5#1,1#3",
        "0 8 * * L5",
        "5/10 * * * *",
        "00 06 01 01 00",
        "0 0 31 1 *",
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
    ],
)
def test_accepted(text: str) -> None:
    assert problem(text) is None


@pytest.mark.parametrize(
    ("text", "field", "reason", "part"),
    [
        ("60 * * * *", "minute", "expected 0 to 59", "60"),
        ("0 24 * * *", "hour", "expected 0 to 23", "24"),
        ("1 1 0 * *", "day of the month", "expected 1 to 31", "0"),
        ("0 0 1 13 *", "month", "expected 1 to 12, or jan to dec", "13"),
        ("0 0 1 january *", "month", "expected 1 to 12, or jan to dec", "january"),
        ("0 0 * * 8", "day of the week", "expected 0 to 7, or sun to sat", "8"),
        ("0 0 * * mo", "day of the week", "expected 0 to 7, or sun to sat", "mo"),
        ("1,2,x * * * *", "minute", "expected 0 to 59", "x"),
        ("*/0 * * * *", "minute", "the step after `/` is a number from 1", "*/0"),
        ("*/ * * * *", "minute", "the step after `/` is a number from 1", "*/"),
        ("0-60 * * * *", "minute", "expected 0 to 59", "0-60"),
        (
            "R/5 * * * *",
            "minute",
            "Prefect would draw a new number each time that it looks",
            "r/5",
        ),
        ("1-2-3 * * * *", "minute", "expected 0 to 59", "1-2-3"),
        ("٣ * * * *", "minute", "expected 0 to 59", "٣"),
        (
            "0 0 * * fri#6",
            "day of the week",
            "the week after `#` is a number from 1 to 5",
            "fri#6",
        ),
    ],
)
def test_the_field_is_named(text: str, field: str, reason: str, part: str) -> None:
    start = text.lower().index(part)
    message = f"the {field} of the cron expression cannot be `{part}`"
    assert problem(text) == CronProblem(message, reason, start, start + len(part))


def test_nothing_between_commas() -> None:
    found = problem("0 1,,2 * * *")
    assert found is not None
    assert (found.reason, found.start) == ("there is nothing between the commas", 4)


@pytest.mark.parametrize(
    ("text", "count"), [("* * * *", 4), ("0 0 6 * * * * *", 8), ("", 0), ("daily", 1)]
)
def test_the_number_of_fields(text: str, count: int) -> None:
    found = problem(text)
    assert found is not None
    assert found.message == f"a cron expression has 5 fields, and this has {count}"


def test_an_unknown_shorthand() -> None:
    found = problem("@reboot")
    assert found is not None
    assert found.message == "`@reboot` is not a cron shorthand"


@st.composite
def _expressions(draw: st.DrawFn) -> str:
    """Five fields, most of which are right."""
    words = []
    for field in FIELDS[:5]:
        numbers = st.integers(field.least - 1, field.most + 2).map(str)
        names = st.sampled_from([*field.names, "x", "L"])
        value = st.one_of(numbers, numbers, names)
        part = st.one_of(
            st.just("*"),
            value,
            st.tuples(value, value).map("-".join),
            st.tuples(value, st.sampled_from("0126")).map("/".join),
            st.tuples(st.just("*"), st.sampled_from(["0", "5", "99", ""])).map(
                "/".join
            ),
        )
        words.append(",".join(draw(st.lists(part, min_size=1, max_size=2))))
    kept = draw(st.sets(st.integers(0, 4), max_size=2))
    return " ".join(w if i in kept else "*" for i, w in enumerate(words))


@settings(max_examples=500)
@given(_expressions())
def test_what_is_accepted_prefect_accepts(text: str) -> None:
    vendored = pytest.importorskip("prefect._vendor.croniter")
    if not problems(text):
        assert vendored.croniter.is_valid(text)


@settings(max_examples=500)
@given(_expressions())
def test_what_prefect_accepts_is_accepted(text: str) -> None:
    vendored = pytest.importorskip("prefect._vendor.croniter")
    # It also takes ranges such as `0-0` for a day of the month.
    if "-" not in text and vendored.croniter.is_valid(text):
        assert not problems(text) or problems(text)[0].message == _NEVER


def test_the_last_weekday_is_written_with_a_leading_l() -> None:
    assert problem("0 8 * * fri#L") is not None


@pytest.mark.parametrize("text", ["0 22-6 * * *", "0 8 * * fri-mon", "0 0 ? * mon"])
def test_ranges_over_the_turn_and_question_marks(text: str) -> None:
    assert problem(text) is None


def test_a_day_that_never_comes() -> None:
    found = problem("0 0 31 2,apr *")
    assert found == CronProblem(_NEVER, "the months that are named are shorter", 4, 12)
    assert problem("0 0 29-31 2 *") is None
    assert problem("0 0 31 2-3 *") is None


def test_every_field_is_reported() -> None:
    found = problems("60 24 * 13 *")
    assert [one.start for one in found] == [0, 3, 8]


@pytest.mark.parametrize(
    "text",
    [
        "0 6 20 * tue#1",
        "0 6 30 2 mon",
        "0 6 31 4,6 *",
        "0 6 * * * 0 2020-2025",
        "0 6 5 4 * 0 2031",
    ],
)
def test_what_prefect_never_fires_is_refused(text: str) -> None:
    schedules = pytest.importorskip("prefect.server.schemas.schedules")
    schedule = schedules.CronSchedule(cron=text)
    now = datetime(2031, 2, 1, tzinfo=UTC)
    # As its scheduler asks: a hundred runs, or a hundred days.
    with pytest.raises(ValueError, match="failed to find next date"):
        asyncio.run(schedule.get_dates(n=100, start=now, end=now + timedelta(days=100)))
    assert problem(text) is not None


_TWO = re.compile(r"write two entries of `schedules`: `([^`]+)` and `([^`]+)`")


@pytest.mark.parametrize(
    "text",
    [
        "0 7 1,15,30 * *",
        "0 7 1,16,31 * *",
        "0 7 */5 * *",
        "0 7 */10 2,3 *",
        "0 7 1-2,31 * *",
        "0 7 31,L * *",
        "0 7 2,20,31 * mon",
        "*/30 * 1,30 * *",
        "0 7 1,30 * * 30",
        "0 7 20 * tue#1",
    ],
)
def test_two_entries_that_are_advised_fire_on_all_days_that_are_meant(
    text: str,
) -> None:
    advice = next(iter(oddities(text, True))).help or ""
    match = _TWO.fullmatch(advice)
    assert match is not None
    found: set[datetime] = set()
    for one in match.groups():
        assert not [*oddities(one, True)]
        assert problem(one) is None
        found |= {*_in_two_years(one)}
    assert {*_in_two_years(text)} <= found
    days = {moment.date() for moment in found}
    wanted = {word.strip() for word in text.split()[2].split(",")}
    if wanted & {"1", "*/5", "1-2"} and "2,3" not in text:
        assert {date(2026, 3, 1), date(2028, 3, 1)} <= days


def _in_two_years(text: str) -> list[datetime]:
    """All times of 2026 to 2028, by croniter."""
    vendored = pytest.importorskip("prefect._vendor.croniter")
    times = vendored.croniter_range
    return [*times(datetime(2026, 1, 1), datetime(2029, 1, 1), text)]


@pytest.mark.parametrize(
    "text",
    [
        "0 7 1,15 * *",
        "0 7 L * *",
        "0 7 1,29 * *",
        "0 7 1,28,30 * *",
        "*/7 5-22/3 * * 1-5",
        "0 22-6 * * *",
        "0 22-6/2 * * *",
        "0 7 * * 0-7",
        "0 7 13 * fri",
        "0 7 * nov-feb *",
        "30 6 * * * 15",
        "@daily",
    ],
)
def test_what_means_what_it_says_is_not_warned_of(text: str) -> None:
    assert not [*oddities(text, True)]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("0 8-8 * * *", "write `8`"),
        ("59/15 * * * *", "write `59`"),
        ("0 23/6 * * *", "write `23`"),
        ("0 8 * * fri-fri", "write `fri`"),
        ("*/90 * * * *", "write `0`, or `interval_seconds: 5400`"),
        ("30 22-6/3 * * *", "list them: `22,1,4`"),
        ("0 0 6 * * *", "`0 6 * * *`"),
        ("0 8 1-31 * mon", "write `*` for `1-31`"),
        ("0 8 0 * * 0", "write `1`"),
        ("0 8 * * * 0 2026-2030", "leave out the year"),
    ],
)
def test_what_prefect_reads_in_its_own_way(text: str, advice: str) -> None:
    (found,) = oddities(text, True)
    assert advice in (found.help or "")
    assert text[found.start : found.end] in text
