"""Any JSON data comes back from every reader of YAML, and looks like this."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from otac.output.yaml_writer import entry, item
from otac.source.document import Json

# What YAML 1.1 or 1.2, or one of its readers, takes for something else than text.
TRICKY = [
    *("y", "Y", "yes", "Yes", "NO", "on", "Off", "true", "False", "null", "Null", "~"),
    *("1", "-1", "+1", "0o17", "017", "0x1F", "0b1", "1_000", "1e3", "1.5", ".5", "5."),
    *(".inf", "-.INF", ".nan", "1:30", "12:30:45", "2026-01-01", "2026-1-1 10:00:00Z"),
    *("", " ", "  a", "a ", "-", "- a", "?", "? a", ":", "a:", "a: b", "a :b", ":a"),
    *(
        "#",
        "# a",
        "a # b",
        "a #b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'a'",
        '"a"',
        "%a",
        "@a",
    ),
    *("`a`", "{a}", "[a]", "a, b", "{{ a.b }}", "=", "<<", "---", "...", "\\", "a\\nb"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffe"),
    *("ü", "日本語", "🎫", "\u202eabc", "e\u0301", "\t", "a\tb", "\r", "a\r\nb", "\n"),
    *(
        "a\nb",
        "a\nb\n",
        "a\nb\n\n",
        "\na",
        " a\nb",
        "a\n b",
        "a \nb",
        "a\n\n\nb",
        "a\n",
    ),
    *("a\n# b", "a\n---\nb", "a\n...\nb", "a\n\tb", "x" * 2000, "x y " * 500, "a\nü"),
]

texts = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from("ab \n\t:#-'\"|>{}[]&*!%@`,?~0.e\r\\")),
)
json_data: st.SearchStrategy[Json] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        texts,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=20,
)


def readings(text: str) -> list[Any]:
    """What PyYAML in C and in Python (YAML 1.1) and ruamel (1.2) make of it."""
    strict = YAML(typ="safe", pure=True)
    return [
        yaml.load(text, yaml.CSafeLoader),
        yaml.load(text, yaml.SafeLoader),
        strict.load(text),
    ]


def assert_reads(lines: list[str], data: Json) -> None:
    text = "\n".join(lines) + "\n"
    assert text.isascii()
    assert [repr(one) for one in readings(text)] == [repr(data)] * 3


@given(st.dictionaries(texts, json_data, min_size=1, max_size=4))
def test_a_mapping_comes_back(data: dict[str, Json]) -> None:
    assert_reads([line for key in data for line in entry(key, data[key])], dict(data))


@given(st.lists(json_data, min_size=1, max_size=4))
def test_a_list_comes_back(data: list[Json]) -> None:
    assert_reads([line for one in data for line in item(one)], data)


@pytest.mark.parametrize("text", TRICKY)
def test_a_tricky_text_stays_text_as_key_and_as_value(text: str) -> None:
    assert_reads(entry(text, {text: [text, text]}), {text: {text: [text, text]}})


@pytest.mark.parametrize("length", [999, 1000, 1001, 1024, 1025, 5000])
@pytest.mark.parametrize("value", ["a", "a\nb", {"a": ["b"]}, [{"a": 1}], [], None])
def test_a_long_key_comes_back(length: int, value: Json) -> None:
    assert_reads(entry("k" * length, value), {"k" * length: value})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (1e16, "1.0e+16"),
        (1.5e-07, "1.5e-07"),
        (1e-07, "1.0e-07"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
        ({}, "{}"),
        ([], "[]"),
        ("", '""'),
        ("plain text", "plain text"),
        ("generated/flows/triage.py:triage", "generated/flows/triage.py:triage"),
        ("yes", '"yes"'),
        ("1e3", '"1e3"'),
        ("~", '"~"'),
        ("2026-01-01T00:00:00+00:00", '"2026-01-01T00:00:00+00:00"'),
        ("0 */6 * * *", '"0 */6 * * *"'),
        ('say "\\"', '"say \\"\\\\\\""'),
        ("ü 日 🎫", '"\\xFC \\u65E5 \\U0001F3AB"'),
        ("a\tb\x00", '"a\\tb\\x00"'),
        ("x " * 300 + "x", "x " * 300 + "x"),
    ],
)
def test_a_value_is_written_like_this(value: Json, text: str) -> None:
    assert entry("key", value) == [f"key: {text}"]
    assert item(value) == [f"- {text}"]


def test_nested_data_is_written_like_this() -> None:
    data: dict[str, Json] = {
        "name": "triage",
        "description": "One line.\n\n  Another.\n",
        "notes": ["first\nsecond", "third \nfourth"],
        "matrix": [[1, [2, {}]], []],
        "schedules": [{"cron": "@daily", "parameters": {"on": True}}, {"a": None}],
    }
    assert item(data) == [
        "- name: triage",
        "  description: |",
        "    One line.",
        "",
        "      Another.",
        "  notes:",
        "    - |-",
        "      first",
        "      second",
        '    - "third \\nfourth"',
        "  matrix:",
        "    - - 1",
        "      - - 2",
        "        - {}",
        "    - []",
        "  schedules:",
        '    - cron: "@daily"',
        "      parameters:",
        '        "on": true',
        "    - a: null",
    ]
    assert_reads(item(data), [data])
