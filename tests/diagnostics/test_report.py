"""Order, duplicates and numbers."""

import itertools

import pytest

from otac.diagnostics.diagnostic import Diagnostic, error, note, warning
from otac.diagnostics.report import Report
from otac.source.document import Span
from otac.source.source_text import SourceText

SOURCE = SourceText("config.yml", "a: 1\nb: 2\n")
ORDERED = (
    error("OTC302", "x", Span(0, 1)),
    error("OTC301", "x", Span(0, 4)),
    warning("OTC200", "x", Span(5, 6)),
    error("OTC201", "x", Span(5, 6)),
    error("OTC502", "no place"),
    error("OTC501", "x", file="a.py"),
    error("OTC401", "x", file="b.py"),
)


@pytest.mark.parametrize("given", list(itertools.permutations(ORDERED))[::97])
def test_the_order_is_by_place_then_code(given: tuple[Diagnostic, ...]) -> None:
    assert Report(SOURCE, given).diagnostics == ORDERED


def test_findings_of_equal_place_and_code_keep_their_order() -> None:
    given = tuple(error("OTC301", message, Span(0, 1)) for message in "cab")
    assert Report(SOURCE, given).diagnostics == given


def test_an_anchored_value_is_reported_once() -> None:
    used = [error("OTC301", "x", Span(0, 1, Span(at, at + 1))) for at in (7, 5, 6)]
    assert Report(SOURCE, tuple(used)).diagnostics == (used[1],)
    written = error("OTC301", "x", Span(0, 1))
    assert Report(SOURCE, (*used, written)).diagnostics == (written,)


@pytest.mark.parametrize(
    "other",
    [
        error("OTC301", "y", Span(0, 1)),
        error("OTC302", "x", Span(0, 1)),
        error("OTC301", "x", Span(0, 2)),
        error("OTC301", "x"),
    ],
)
def test_different_findings_are_kept(other: Diagnostic) -> None:
    found = error("OTC301", "x", Span(0, 1))
    assert len(Report(SOURCE, (found, other, found)).diagnostics) == 2


@pytest.mark.parametrize(
    ("kinds", "summary"),
    [
        ("", ""),
        ("e", "found 1 error in config.yml"),
        ("ee", "found 2 errors in config.yml"),
        ("w", "found 1 warning in config.yml"),
        ("eww", "found 1 error and 2 warnings in config.yml"),
        ("eewnn", "found 2 errors, 1 warning and 2 notes in config.yml"),
    ],
)
def test_summary(kinds: str, summary: str) -> None:
    make = {"e": error, "w": warning, "n": note}
    found = tuple(make[kind]("OTC301", str(n)) for n, kind in enumerate(kinds))
    report = Report(SOURCE, found)
    assert report.summary() == summary
    assert (report.errors, report.warnings) == (kinds.count("e"), kinds.count("w"))


def test_what_is_wrong_before_a_file_is_opened_names_none() -> None:
    report = Report(SourceText("", ""), (error("OTC501", "no server answers"),))
    assert report.summary() == "found 1 error"


def test_parts_of_a_report() -> None:
    found = (
        error("OTC301", "x", Span(0, 1)),
        warning("OTC302", "y", Span(5, 6), "label", help="help"),
        note("OTC303", "z"),
    )
    report = Report(SOURCE, found)
    assert report.fails
    assert report.without_notes().diagnostics == found[:2]
    assert report.only_errors().diagnostics == found[:1]
    assert not Report(SOURCE, found[1:]).fails
    assert Report(SOURCE, found[1:]).strict().diagnostics == (
        error("OTC302", "y", Span(5, 6), "label", help="help"),
        found[2],
    )


def test_what_is_not_shown_is_counted() -> None:
    found = tuple(error("OTC301", f"{n}", Span(n, n + 1)) for n in range(3))
    seen = warning("OTC302", "y", Span(1, 5))
    report = Report(SOURCE, (*found, seen))
    one = report.limited(1)
    assert one.diagnostics == found[:1]
    assert one.fails
    assert one.summary() == (
        "found 3 errors and 1 warning in config.yml; the first one is shown"
    )
    assert report.limited(2).diagnostics == (*found[:2], seen)
    assert report.limited(3) == report.limited(None) == report
