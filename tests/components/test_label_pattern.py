"""Patterns for labels, and which of two leaves nothing to the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.agreed import covers, fits


@pytest.mark.parametrize(
    ("pattern", "other", "is_covered"),
    [
        ("*", "", True),
        ("*", "Science/*", True),
        ("Science/*", "Science/*/old", True),
        ("Science/*", "science/*", False),
        ("Science/*", "*", False),
        ("a*b", "a*", False),
        ("a*", "a*b", True),
        ("**", "*", True),
        ("a.c", "abc", False),
    ],
)
def test_a_rule_that_leaves_nothing(pattern: str, other: str, is_covered: bool) -> None:
    assert covers(pattern, other) is is_covered


_patterns = st.text("ab*", max_size=5)


@given(_patterns, _patterns, st.text("abc", max_size=6))
def test_what_is_covered_fits(pattern: str, other: str, label: str) -> None:
    if covers(pattern, other) and fits(other, label):
        assert fits(pattern, label)
