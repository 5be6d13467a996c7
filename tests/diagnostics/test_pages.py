"""Each code has a page, and what the page shows is so."""

import re
from pathlib import Path

import pytest

from otac.diagnostics import catalogue
from otac.source import read
from otac.source.document import Document

COMPILER = Path(catalogue.__file__).parents[1]
READING = [code for code in catalogue.codes() if code.startswith("OTC1")]
# Their examples cannot stand in a page as they are: bytes that are no characters.
NOT_SHOWN = {"OTC102", "OTC103"}


def blocks(code: str) -> list[str]:
    page = catalogue.page(code)
    assert page is not None
    return re.findall(r"```\w+\n(.*?)```", page, re.DOTALL)


def test_every_code_of_the_reader_has_a_page() -> None:
    sources = (COMPILER / "source").rglob("*.py")
    used = {
        code for path in sources for code in re.findall(r'"(OTC\d+)"', path.read_text())
    }
    assert sorted(used) == READING


@pytest.mark.parametrize("code", catalogue.codes())
def test_the_form_of_a_page(code: str) -> None:
    page = catalogue.page(code)
    assert page is not None
    lines = page.splitlines()
    assert len(lines) <= 29
    assert lines[0].startswith(f"# {code}: ")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Example",
        "## What to do",
        "## To silence it",
    ]


@pytest.mark.parametrize("code", sorted({*READING} - NOT_SHOWN))
def test_the_example_fails_as_the_page_says(code: str) -> None:
    example, *_ = blocks(code)
    outcome = read("config.yml", example.encode())
    assert isinstance(outcome, tuple)
    assert {found.code for found in outcome} == {code}


@pytest.mark.parametrize("code", READING)
def test_the_mended_example_can_be_read(code: str) -> None:
    _, mended = blocks(code)
    assert isinstance(read("config.yml", mended.encode()), Document)


@pytest.mark.parametrize("code", ["OTC999", "", "../OTC101", "OTC101.md", "OTC*"])
def test_other_codes_have_none(code: str) -> None:
    assert catalogue.page(code) is None


def test_a_code_may_be_typed_in_lower_case() -> None:
    assert catalogue.page("otc101") == catalogue.page("OTC101") is not None
