"""Which `#` begins a comment, and where empty lines are."""

import pytest

from otac.source.comments import column, next_column, remarks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1 # one\n", ["# one"]),
        ("# top\na: b#c\n", ["# top"]),
        ("a: 'x # y'  # z\nb: \"# q\"\n", ["# z"]),
        ("a: |  # header\n  # text\n  more\n# after\nb: 1\n", ["# header", "# after"]),
        ("a: |\n  # text\n\n  # too\n", []),
        ("a: >-\n  # text\n # less\nb: 1\n", ["# less"]),
        ("a: [1, # one\n  2] # two\n", ["# one", "# two"]),
        ("a: &x # anchor\n  b: 1\nc: *x # alias\n", ["# anchor", "# alias"]),
        ("a: !!str # tag\n  1\n", ["# tag"]),
        ("a: # nothing\nb: # none\n", ["# nothing", "# none"]),
        ("- # item\n  a: 1\n", ["# item"]),
        ("a: one\n  two # end\n", ["# end"]),
        ("a: x\u2028# no\nb: 1 # yes\n", ["# yes"]),
        ("# ä \U0001f389\n", []),
        ("%YAML 1.2 # version\n--- # begin\na: 1\n", ["# version", "# begin"]),
        ("a: 1\n... # end\n# more\n", ["# end", "# more"]),
    ],
)
def test_comments(text: str, expected: list[str]) -> None:
    if not expected and text.startswith("#"):
        text += "a: 1\n"
        expected = [text.split("\n", maxsplit=1)[0]]
    found = [remark for remark in remarks(text).all if remark.text]
    assert [remark.text for remark in found] == expected
    assert all(text.startswith(one.text, one.start) for one in found)


def test_empty_lines_come_once_and_know_what_follows() -> None:
    text = "a:\n\n   \n\n  b: |\n    x\n\n    y\n\n  # c\n  d: 1\n\n"
    found = [(r.text, r.column) for r in remarks(text).all]
    assert found == [("", 2), ("", 2), ("# c", 2), ("", 0)]


def test_where_a_comment_stands() -> None:
    found = remarks("- a: 1 # behind\n  # alone\n  b: 2\n").all
    assert [(r.column, r.is_behind) for r in found] == [(0, True), (2, False)]


def test_the_opening_of_a_document() -> None:
    text = "# first\n%YAML 1.2\n---\na: 1\n"
    found = remarks(text)
    assert found.opening == ("%YAML 1.2", "---")
    assert text[found.opening_at :].startswith("---\n")
    assert remarks("a: 1\n").opening == ()


def test_columns() -> None:
    text = "a:\n    # c\n\n  b: 1\n"
    assert column(text, text.index("b")) == 2
    assert next_column(text, text.index("#")) == 2
    assert next_column(text, text.index("b")) == 0
