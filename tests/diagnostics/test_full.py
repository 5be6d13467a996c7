"""Frames, to the character: what people see is what is stated here."""

import re

import pytest

from otac.diagnostics import full
from otac.diagnostics.diagnostic import Diagnostic, Label, error, note, warning
from otac.diagnostics.report import Report
from otac.source.document import Span
from otac.source.source_text import SourceText

PIPES = """\
orchestrator:
  runners:
    - pipe_id: triage
      pipe:
        steps:
          - id: ticket_fetcher
            use: FetchTickets
          - use: Expression
            expression: "{{ get_pipe_result('ticket_fetch') }}"
"""


def rendered(
    text: str, *found: Diagnostic, width: int = 100, color: bool = False
) -> str:
    report = Report(SourceText("config.yml", text), found)
    return "\n" + full.render(report, width=width, color=color)


def span(text: str, part: str, occurrence: int = 1) -> Span:
    start = -1
    for _ in range(occurrence):
        start = text.index(part, start + 1)
    return Span(start, start + len(part))


def test_two_places_and_a_gap_between_them() -> None:
    found = error(
        "OTC301",
        "step `ticket_fetch` is not defined",
        span(PIPES, "ticket_fetch", 2),
        "no earlier step has this id",
        help="did you mean `ticket_fetcher`?",
        labels=(Label(span(PIPES, "ticket_fetcher"), "a step with a similar id"),),
    )
    assert (
        rendered(PIPES, found)
        == """
error[OTC301]: step `ticket_fetch` is not defined
 --> config.yml:9:46
  |
6 |           - id: ticket_fetcher
  |                 -------------- a step with a similar id
...
9 |             expression: "{{ get_pipe_result('ticket_fetch') }}"
  |                                              ^^^^^^^^^^^^ no earlier step has this id
  |
  = help: did you mean `ticket_fetcher`?

found 1 error in config.yml
"""
    )


def test_line_numbers_of_different_width_and_a_gap_of_one_line() -> None:
    text = "\n" * 7 + "a: 1\n# in the middle\na: 2\n"
    found = error(
        "OTC105",
        "key `a` is given twice",
        span(text, "a", 2),
        labels=(Label(span(text, "a"), "first given here"),),
    )
    assert (
        rendered(text, found)
        == """
error[OTC105]: key `a` is given twice
  --> config.yml:10:1
   |
 8 | a: 1
   | - first given here
 9 | # in the middle
10 | a: 2
   | ^

found 1 error in config.yml
"""
    )


def test_several_findings_and_their_kinds() -> None:
    text = "a: 1\nb: 2\n"
    result = rendered(
        text,
        note("OTC390", "no service is named", help="name one,\nor leave it"),
        error(
            "OTC401",
            "the file was edited by hand",
            file="generated/flows/a.py",
            help="x",
        ),
        warning("OTC210", "`b` is old", span(text, "b"), "since 1.0"),
        error("OTC501", "no server answers"),
        error("OTC201", "unknown key `a`", span(text, "a")),
    )
    assert (
        result
        == """
error[OTC201]: unknown key `a`
 --> config.yml:1:1
  |
1 | a: 1
  | ^

warning[OTC210]: `b` is old
 --> config.yml:2:1
  |
2 | b: 2
  | ^ since 1.0

note[OTC390]: no service is named
 = help: name one,
         or leave it

error[OTC501]: no server answers

error[OTC401]: the file was edited by hand
 --> generated/flows/a.py
  = help: x

found 3 errors, 1 warning and 1 note in config.yml
"""
    )


def test_nothing_found_is_nothing_said() -> None:
    assert full.render(Report(SourceText("config.yml", "a: 1"), ())) == ""


@pytest.mark.parametrize(
    ("primary", "frame"),
    [
        (
            (0, 5),
            """\
1 | first second third
  | ^^^^^ ------ ----- the third
  | |     |
  | |     the second
  | here
""",
        ),
        (
            (6, 12),
            """\
1 | first second third
  | ----- ^^^^^^ ----- the third
  | |     |
  | |     here
  | the first
""",
        ),
        (
            # Where they overlap, the place of the finding is on top.
            (0, 18),
            """\
1 | first second third
  | ^^^^^^^^^^^^^^^^^^ the third
  | |     |
  | |     the second
  | here
""",
        ),
    ],
)
def test_places_on_one_line(primary: tuple[int, int], frame: str) -> None:
    text = "first second third\n"
    labels = [
        Label(span(text, word), f"the {word}") for word in ("first", "second", "third")
    ]
    others = tuple(label for label in labels if label.span.start != primary[0])
    result = rendered(text, error("OTC301", "x", Span(*primary), "here", labels=others))
    assert frame in result


def test_a_value_that_came_through_an_alias_shows_both_places() -> None:
    text = "x: &x {use: Nobody}\na: *x\n"
    value = span(text, "Nobody")._replace(via=span(text, "*x"))
    assert (
        rendered(text, error("OTC310", "unknown", value, "no component"))
        == """
error[OTC310]: unknown
 --> config.yml:1:13
  |
1 | x: &x {use: Nobody}
  |             ^^^^^^ no component
2 | a: *x
  |    -- brought in by this alias

found 1 error in config.yml
"""
    )


@pytest.mark.parametrize(
    ("line", "part", "shown", "carets"),
    [
        ("a:\t\tx", "x", "a:        x", "          ^"),
        ("日本語: x", "x", "日本語: x", "        ^"),
        ("日本語: x", "本", "日本語: x", "  ^^"),
        ("e\u0301e\u0301: x", "x", "e\u0301e\u0301: x", "    ^"),
        ("👩‍👩‍👧: x", "x", "👩‍👩‍👧: x", "    ^"),
        ("👍🏽: x", "x", "👍🏽: x", "    ^"),
        ("❤️: x", "x", "❤️: x", "    ^"),
        ("🇩🇪: x", "x", "🇩🇪: x", "    ^"),
        ("한국: x", "x", "한국: x", "      ^"),
        ("\u1112\u1161\u11ab: x", "x", "\u1112\u1161\u11ab: x", "    ^"),
        ("ｆｕｌｌ: x", "x", "ｆｕｌｌ: x", "          ^"),
        ("\x1b[31m: x", "x", "␛[31m: x", "       ^"),
        ("a\0\x7f\x9b: x", "x", "a␀␡\ufffd: x", "      ^"),
        ("a\u202eb\u2066\ufeff: x", "x", "a\ufffdb\ufffd\ufffd: x", "       ^"),
        ("\ud800: x", "x", "\ufffd: x", "   ^"),
        ("a\u200bb: x", "b", "a\ufffdb: x", "  ^"),
        ("so\xadft: x", "x", "so\xadft: x", "       ^"),
    ],
)  # fmt: skip
def test_carets_stand_below_what_they_mean(
    line: str, part: str, shown: str, carets: str
) -> None:
    text = f"{line}\n"
    result = rendered(text, error("OTC301", "x", span(text, part)))
    assert f"\n1 | {shown}\n  | {carets}\n" in result


def test_hidden_characters_are_visible_in_words_too() -> None:
    text = "a: 1\n"
    found = error(
        "OTC201",
        "unknown key `\x1b[2J\n`",
        span(text, "a"),
        "\u202ehere",
        help="did you mean `\x07`?",
        file=None,
    )
    result = rendered(text, found)
    assert "unknown key `␛[2J␊`" in result
    assert "^ \ufffdhere" in result
    assert "help: did you mean `␇`?" in result
    assert set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f]", result)) == set()


# Long lines

LONG = f"key: {'x' * 60} here {'y' * 60}\n"


@pytest.mark.parametrize(
    ("part", "frame"),
    [
        (
            "key",
            """\
1 | key: xxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  | ^^^ label
""",
        ),
        (
            "here",
            """\
1 | ...xxxxxxxx here yyyyyyyyyyyyyyyy...
  |             ^^^^ label
""",
        ),
        (
            "yy\n",
            """\
1 | ...yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
  |                                   ^^ label
""",
        ),
        (
            "x" * 60,
            """\
1 | key: xxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ label
""",
        ),
    ],
)
def test_long_lines_are_cut_around_the_place(part: str, frame: str) -> None:
    result = rendered(LONG, error("OTC301", "x", span(LONG, part), "label"), width=40)
    assert frame in result


@pytest.mark.parametrize("width", range(8, 120, 7))
@pytest.mark.parametrize("word", ["日本", "x", "\t.", "e\u0301"])
def test_no_width_loses_the_place(width: int, word: str) -> None:
    text = f"{word * 50}HERE{word * 50}\n"
    result = rendered(text, error("OTC301", "x", span(text, "HERE")), width=width)
    line, row = result.split("\n")[4:6]
    assert "HERE" in line
    assert row.endswith("^^^^")
    assert row.count("^") == 4


def test_a_second_place_that_was_cut_off_is_marked_at_the_dots() -> None:
    label = Label(span(LONG, "key"), "the key")
    found = error("OTC301", "x", span(LONG, "yyy\n"), "end", labels=(label,))
    assert """\
1 | ...yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
  | -                                ^^^ end
  | |
  | the key
""" in rendered(LONG, found, width=40)


# Spans over several lines


@pytest.mark.parametrize(
    ("part", "frame"),
    [
        (
            "one\n  two",
            """\
2 |   one
  |   ^^^
3 |   two
  |   ^^^ label
""",
        ),
        (
            "|\n  one\n  two\n",
            """\
1 | a: |
  |    ^
2 |   one
  |   ^^^
3 |   two
  |   ^^^ label
""",
        ),
        (
            "|\n  one\n  two\n\n  three\n",
            """\
1 | a: |
  |    ^
...
5 |   three
  |   ^^^^^ label
""",
        ),
        (
            "two\n\n  three",
            """\
3 |   two
  |   ^^^
4 |
5 |   three
  |   ^^^^^ label
""",
        ),
    ],
)
def test_a_span_over_several_lines(part: str, frame: str) -> None:
    text = "a: |\n  one\n  two\n\n  three\nb: 1\n"
    assert frame in rendered(text, error("OTC301", "x", span(text, part), "label"))


@pytest.mark.parametrize(
    ("text", "place", "frame"),
    [
        ("", Span(0, 0), "1:1\n  |\n1 |\n  | ^ label\n"),
        ("a: 1\n", Span(5, 5), "2:1\n  |\n2 |\n  | ^ label\n"),
        ("a: 1", Span(4, 4), "1:5\n  |\n1 | a: 1\n  |     ^ label\n"),
        ("a: 1", Span(4, 99), "1:5\n  |\n1 | a: 1\n  |     ^ label\n"),
        ("a: 1\nb", Span(4, 5), "1:5\n  |\n1 | a: 1\n  |     ^ label\n"),
    ],
)
def test_places_at_the_edges(text: str, place: Span, frame: str) -> None:
    result = rendered(text, error("OTC301", "x", place, "label"))
    assert f"config.yml:{frame}" in result


def test_colours_change_nothing_but_the_colour() -> None:
    text = "first second\n"
    found = [
        error(
            "OTC301",
            "x",
            span(text, "first"),
            "here",
            help="do",
            labels=(Label(span(text, "second"), "there"),),
        ),
        warning("OTC302", "y", span(text, "second")),
        note("OTC303", "z"),
    ]
    colored = rendered(text, *found, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == rendered(text, *found)
    assert colored.split("\n\n")[0] == (
        "\n\x1b[1;91merror[OTC301]\x1b[0m\x1b[1m: x\x1b[0m\n"
        " \x1b[1;94m-->\x1b[0m config.yml:1:1\n"
        "  \x1b[1;94m|\x1b[0m\n"
        "\x1b[1;94m1\x1b[0m \x1b[1;94m|\x1b[0m first second\n"
        "  \x1b[1;94m|\x1b[0m \x1b[1;91m^^^^^\x1b[0m \x1b[1;94m------\x1b[0m "
        "\x1b[1;94mthere\x1b[0m\n"
        "  \x1b[1;94m|\x1b[0m \x1b[1;91m|\x1b[0m\n"
        "  \x1b[1;94m|\x1b[0m \x1b[1;91mhere\x1b[0m\n"
        "  \x1b[1;94m|\x1b[0m\n"
        "  \x1b[1;94m=\x1b[0m \x1b[1;96mhelp\x1b[0m: do"
    )
    assert "\x1b[1;93mwarning[OTC302]" in colored
    assert "\x1b[1;92mnote[OTC303]" in colored
