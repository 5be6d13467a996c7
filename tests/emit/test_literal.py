import ast
import math
import unicodedata

import pytest
from formatters import assert_formatted
from hypothesis import given, settings
from hypothesis import strategies as st

from otac.emit.layout import call, laid_out, width
from otac.emit.literal import double_quoted, literal, number, quoted
from otac.source.document import Json

# Surrogates, too: a YAML escape can make one.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from(
            "\"'\\\n\r\t\0{}%#\u200b\u202e\u2028\ufeff\U0001f3ab aéßя票か한"
        ),
    ),
    max_size=120,
)
DATA: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | TEXTS
    | st.text("abc \n", max_size=200),
    lambda children: (
        st.lists(children, max_size=5) | st.dictionaries(TEXTS, children, max_size=5)
    ),
    max_leaves=20,
)


def written(value: Json) -> str:
    return laid_out(literal(value))


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ('it\'s "it"', "'it\\'s \"it\"'"),
        ("'\"", '"\'\\""'),
        ('"""', '\'"""\''),
        ("back\\slash", r'"back\\slash"'),
        ("tab\tnul\0bell\x07", r'"tab\tnul\x00bell\x07"'),
        ("größer – ≥ €", '"größer – \\u2265 €"'),
        ("Заявка 票 か 한", '"Заявка 票 か 한"'),
        ("\u202e\u200b\u2066\ufeff\u2028", r'"\u202e\u200b\u2066\ufeff\u2028"'),
        ("שלום", r'"\u05e9\u05dc\u05d5\u05dd"'),
        ("\U0001f3ab", r'"\U0001f3ab"'),
        ("\ud800", r'"\ud800"'),
        ("e\u0301", r'"e\u0301"'),
        ("\xad\xa0", r'"\xad\xa0"'),
        ("{{ x }}", '"{{ x }}"'),
        (None, "None"),
        (True, "True"),
        (1.0, "1.0"),
        (1e16, "1e16"),
        (1e-7, "1e-07"),
        (-0.0, "-0.0"),
        (math.inf, 'float("inf")'),
        (-math.inf, 'float("-inf")'),
        (10**20, "100000000000000000000"),
        ([], "[]"),
        ({}, "{}"),
        ({"a": [1, {"b": None}]}, '{"a": [1, {"b": None}]}'),
    ],
)
def test_a_value_is_written_as(value: Json, source: str) -> None:
    assert written(value) == source


def test_nan_is_written() -> None:
    assert written(math.nan) == 'float("nan")'


def test_an_integer_too_long_for_decimals_is_read_back() -> None:
    huge = -(7**6000)
    assert written(huge).startswith("-0x")
    assert ast.literal_eval(written(huge)) == huge


def test_long_text_of_several_lines_gets_a_literal_for_each() -> None:
    text = "Hello {{ item.name }},\n\nthank you for your message.\n" + "Bye " * 9
    assert laid_out(call("f", [literal(text, "body="), "to=1"])) == (
        "f(\n"
        "    body=(\n"
        '        "Hello {{ item.name }},\\n"\n'
        '        "\\n"\n'
        '        "thank you for your message.\\n"\n'
        '        "Bye Bye Bye Bye Bye Bye Bye Bye Bye "\n'
        "    ),\n"
        "    to=1,\n"
        ")"
    )


@pytest.mark.parametrize(
    ("seconds", "source"),
    [
        (30.0, "30"),
        (30, "30"),
        (0.5, "0.5"),
        (12.5, "12.5"),
        (1e16, "10000000000000000"),
    ],
)
def test_a_number_of_seconds(seconds: float, source: str) -> None:
    assert number(seconds) == source


@given(DATA)
@settings(max_examples=300, deadline=None)
def test_any_value_comes_back_as_it_was(value: Json) -> None:
    read = eval(written(value), {"__builtins__": {}, "float": float})
    assert read == value
    assert repr(read) == repr(value)


@given(st.lists(DATA, min_size=1, max_size=6), st.text("ab", min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_formatters_change_nothing(values: list[Json], name: str) -> None:
    calls = [
        laid_out(call("f", [literal(value, f"{name}="), *extra]))
        for value in values
        for extra in ([], [literal(value, "b=")])
    ]
    nested = laid_out(call(f"{name} = f", [literal(values), literal({name: values})]))
    assert_formatted("\n".join([*calls, nested]) + "\n")


@given(TEXTS)
def test_only_visible_characters_are_left(text: str) -> None:
    for character in quoted(text):
        assert character in " \"'" or unicodedata.category(character)[0] in "LNPS"
        assert unicodedata.bidirectional(character) not in ("R", "AL")


@given(TEXTS)
def test_yaml_reads_double_quotes_as_python_does(text: str) -> None:
    import yaml

    assert yaml.safe_load(double_quoted(text)) == text


@given(st.text(st.characters(max_codepoint=0xFFFF)))
def test_columns_are_those_that_black_counts(text: str) -> None:
    from black.strings import str_width

    visible = quoted(text)
    assert width(visible) == str_width(visible)
