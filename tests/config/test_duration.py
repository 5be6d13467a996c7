"""Durations, as people and as ISO 8601 write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.config.duration import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90", 90.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 90 ", 90.0),
        ("90s", 90.0),
        ("500ms", 0.5),
        ("5m", 300.0),
        ("5min", 300.0),
        ("1h30m", 5400.0),
        ("1h 30m", 5400.0),
        ("1.5h", 5400.0),
        ("2d", 172800.0),
        ("1w", 604800.0),
        ("1w2d3h4m5s6ms", 788645.006),
        ("1H30M", 5400.0),
        ("PT5M", 300.0),
        ("pt5m", 300.0),
        ("PT0.5S", 0.5),
        ("P1D", 86400.0),
        ("P1DT2H", 93600.0),
        ("P2W", 1209600.0),
        # Binary fractions would give 25919.999999999996 and 0.30000000000000004.
        ("0.1d0.2d", None),
        ("7.2h", 25920.0),
        ("0.1s200ms", 0.3),
    ],
)
def test_seconds(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "five minutes",
        "-5m",
        "+5m",
        "5 minutes",
        "90 sec",
        "30m1h",  # the largest unit comes first
        "5m5m",
        "1h,30m",
        "P",
        "PT",
        "P1DT",
        "P1M",  # a month has no fixed length
        "P1Y",
        "PT5M30",
        "5M PT",
        "1e3",
        "٥m",  # digits of other scripts are none
        "1:30",
        ".5h",
        "5.h",
    ],
)
def test_not_a_duration(text: str) -> None:
    assert seconds(text) is None


@given(
    st.tuples(
        st.integers(0, 9), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)
    )
)
def test_both_forms_mean_the_same(parts: tuple[int, int, int, int]) -> None:
    days, hours, minutes, rest = parts
    short = f"{days}d{hours}h{minutes}m{rest}s"
    iso = f"P{days}DT{hours}H{minutes}M{rest}S"
    expected = days * 86400 + hours * 3600 + minutes * 60 + rest
    assert seconds(short) == seconds(iso) == expected


@given(st.text(max_size=20))
def test_any_text_is_a_finite_duration_or_none(text: str) -> None:
    found = seconds(text)
    assert found is None or 0 <= found < float("inf")
