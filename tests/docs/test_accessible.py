"""`tools/accessible.py`, which `make docs` asks about the built site, sees each fault."""

import runpy
from pathlib import Path

import pytest

_TOOL = Path(__file__).parents[2] / "tools" / "accessible.py"
faults = runpy.run_path(str(_TOOL))["faults"]
_SOUND = (
    '<html lang="en"><h1>Top</h1><h2 id="a">Part</h2><img src="p.svg" alt="A queue">'
    '<a href="/"><svg></svg>Home</a><button title="Search"></button>'
    '<label for="q">Words</label><input id="q"><input type="hidden"></html>'
)


def test_a_sound_page() -> None:
    assert faults(_SOUND) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (' lang="en"', "", "the page does not say its language"),
        ("<h1>Top</h1>", "", "0 headings of the first level"),
        ("h2", "h3", "a heading of level 3 below one of level 1"),
        (' alt="A queue"', "", "no name: picture p.svg"),
        ("Home", "", "no name: <a> /"),
        (' title="Search"', "", "no name: <button> None"),
        ('<label for="q">Words</label>', "", "no label: field q"),
        ('id="a"', 'id="q"', "id twice: q"),
    ],
)
def test_a_fault(before: str, after: str, fault: str) -> None:
    assert before in _SOUND
    assert faults(_SOUND.replace(before, after)) == [fault]
