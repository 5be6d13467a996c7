"""What is promised of every migration, for real files and for what happens to them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from migrations import check_migration

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
FORMS = Path(__file__).parent / "forms"

FILES = sorted(
    (
        *ROOT.glob("tests/cases/*/config.yml"),
        *ROOT.glob("examples/*/config.yml"),
        ROOT / "config.yml",
        *CORPUS.rglob("*.yml"),
    )
)
# Texts with everything that means something to YAML, or looks as if it did.
HOSTILE = (
    "emoji \U0001f389 ü",
    "tab\there",
    "--- x",
    "a # b",
    "trailing  ",
    "  leading",
    "two\nlines\n",
    "x: y",
    "- z",
    "\u2028 separated \u2029\x85",
    "'single' \"double\" \\ back",
    "*a &b !c %d @e `f`",
    "{a}",
    "[b]",
    "yes",
    "12",
    "null",
    "",
    "~",
    "1e3",
    "#c",
    "a\n\n\nb\n\n\n",
    "\n first is empty\n",
    "x" * 300,
    "word " * 60,
    "{{ fail() }} # x",
    "{{ 'it' 's' }}\n\n",
    "\ufeffmark",
    "\x7f",
    "no\xa0break",
)
KEY = re.compile(r"( *(?:- )?[\w\"]+: +)([^\s{\[&*|>].*)")


@pytest.mark.parametrize(
    "file", FILES, ids=lambda file: "/".join(file.parts[-2:])[-60:]
)
def test_a_real_file(file: Path) -> None:
    data = file.read_bytes()
    check_migration(data, file.parent, order=b"<<" not in data and b"*" not in data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_hostile_texts(data: st.DataObject) -> None:
    lines = _some_form(data)
    places = [n for n, line in enumerate(lines) if KEY.fullmatch(line)]
    for place in data.draw(st.lists(st.sampled_from(places), max_size=4)):
        match = KEY.fullmatch(lines[place])
        if match is not None:
            lines[place] = match[1] + _shown(data, match[1])
    check_migration(_encoded(data, lines), FORMS, order=False)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_more_comments(data: st.DataObject) -> None:
    lines = _some_form(data)
    for number in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(("above", "behind", "anywhere", "empty")))
        if kind == "behind" and lines[at].strip() and "#" not in lines[at]:
            lines[at] += f"  # {number}"
        elif kind == "above":
            indent = len(lines[at]) - len(lines[at].lstrip())
            lines.insert(at, f"{' ' * indent}# {number}")
        elif kind == "anywhere":
            lines.insert(at, f"{' ' * data.draw(st.integers(0, 14))}# {number}")
        else:
            lines.insert(at, "")
    check_migration(_encoded(data, lines), FORMS, order=False)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_a_mistake(data: st.DataObject) -> None:
    text = "\n".join(_some_form(data))
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 3))
    new = data.draw(
        st.sampled_from(("", " ", "\t", ":", "#", "'", '"', "[", "- ", "\n"))
    )
    broken = text[:start] + new + text[start + length :]
    check_migration(broken.encode(), FORMS, order=False)


def _some_form(data: st.DataObject) -> list[str]:
    folder = data.draw(st.sampled_from(sorted(FORMS.iterdir())))
    return (folder / "before.yml").read_text(encoding="utf-8").split("\n")


def _shown(data: st.DataObject, opening: str) -> str:
    """A hostile text in some style, correct or not."""
    text = data.draw(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)))
    style = data.draw(
        st.sampled_from(("double", "single", "plain", "|", "|-", ">", "|+"))
    )
    match style:
        case "double":
            return json.dumps(text, ensure_ascii=data.draw(st.booleans()))
        case "single":
            return "'" + text.replace("'", "''") + "'"
        case "plain":
            return text
        case _:
            indent = " " * (len(opening) - len(opening.lstrip()) + 4)
            lines = text.split("\n")
            return "\n".join(
                (style, *(f"{indent}{line}" if line else "" for line in lines))
            )


def _encoded(data: st.DataObject, lines: list[str]) -> bytes:
    end = data.draw(st.sampled_from(("\n", "\n", "\r\n")))
    mark = data.draw(st.sampled_from(("", "", "\ufeff")))
    return (mark + end.join(lines)).encode()
