"""What scalars stand for: YAML 1.2, whatever the parser would have made of them."""

import math

import pytest

from otac.source import read
from otac.source.document import Document, Json, Scalar


def value(text: str) -> Json:
    document = read("config.yml", text.encode())
    assert isinstance(document, Document), document
    return document.root.plain()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[null, Null, NULL, ~, ]", [None, None, None, None]),
        (
            "[nULL, none, None, '', '~', 'null']",
            ["nULL", "none", "None", "", "~", "null"],
        ),
        (
            "[true, True, TRUE, false, False, FALSE]",
            [True, True, True, False, False, False],
        ),
        (
            "[tRUE, yes, No, on, OFF, y, n]",
            ["tRUE", "yes", "No", "on", "OFF", "y", "n"],
        ),
        ("[0, -0, +7, 0012, -19]", [0, 0, 7, 12, -19]),
        ("[0o17, 0xFf, 0o8, 0xG, 0b1, -0x1]", [15, 255, "0o8", "0xG", "0b1", "-0x1"]),
        (
            "[100_000, 1:30, 12:30:45, 0o, 0x]",
            ["100_000", "1:30", "12:30:45", "0o", "0x"],
        ),
        (
            "[1.5, -.5, 5., 1e3, +1.E-2, 1e400]",
            [1.5, -0.5, 5.0, 1000.0, 0.01, math.inf],
        ),
        ("[1.2.3, ., e3, 1e, 1_0.5, .e1]", ["1.2.3", ".", "e3", "1e", "1_0.5", ".e1"]),
        (
            "[.inf, -.Inf, +.INF, inf, .iNF]",
            [math.inf, -math.inf, math.inf, "inf", ".iNF"],
        ),
        ("[2026-01-01, 2026-01-01T00:00:00Z]", ["2026-01-01", "2026-01-01T00:00:00Z"]),
        ("['1', \"1\", !!str 1, ! 1]", ["1", "1", "1", "1"]),
        ("[!!int '5', !!float 5, !!bool 'true', !!null '']", [5, 5.0, True, None]),
        ("!!map {a: !!seq [1]}", {"a": [1]}),
        ("on: 1\n1: 2\nnull: 3\n~: 4", {"on": 1, "1": 2, "null": 3, "~": 4}),
        (
            "a:\nb: # nothing\nc: &x\nd: *x",
            {"a": None, "b": None, "c": None, "d": None},
        ),
        ('"\\x41\\u00e9\\U0001F600\\t\\/"', "Aé\U0001f600\t/"),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
    ],
)
def test_values(text: str, expected: Json) -> None:
    result = value(text)
    assert result == expected
    assert repr(result) == repr(expected)


def test_nan() -> None:
    result = value("[.nan, .NaN, .NAN, nan, -.nan]")
    assert isinstance(result, list)
    assert all(isinstance(item, float) and math.isnan(item) for item in result[:3])
    assert result[3:] == ["nan", "-.nan"]


@pytest.mark.parametrize("text", ["9" * 4301, "-" + "9" * 5000])
def test_a_number_too_long_for_python_is_infinite(text: str) -> None:
    assert value(text) == float(text)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_only_line_feeds_and_returns_break_lines(separator: str) -> None:
    # In YAML 1.1 each of these ended a line and became a space or a line feed.
    text = f'a: x{separator}y\nb: "x{separator}y"\nc: |\n  x{separator}y\n'
    text += f"# \ue000 {separator}\nd: \ue000"
    assert value(text) == {
        "a": f"x{separator}y",
        "b": f"x{separator}y",
        "c": f"x{separator}y\n",
        "d": "\ue000",
    }


def test_a_scalar_keeps_text_and_style() -> None:
    document = read(
        "config.yml", b"- 0x10\n- '0x10'\n- \"0x10\"\n- |-\n  0x10\n- >-\n  0x10"
    )
    assert isinstance(document, Document)
    items = getattr(document.root, "items", [])
    assert all(isinstance(item, Scalar) for item in items)
    assert [(item.value, item.text, item.style) for item in items] == [
        (16, "0x10", ""),
        ("0x10", "0x10", "'"),
        ("0x10", "0x10", '"'),
        ("0x10", "0x10", "|"),
        ("0x10", "0x10", ">"),
    ]
