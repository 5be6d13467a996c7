"""`docs/diagnostics.md` and the data of time zones are what their tools write."""

import json
import runpy
from pathlib import Path

import pytest

from otac.diagnostics.catalogue import codes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")


def test_the_list_is_up_to_date() -> None:
    # `python tools/diagnostics_page.py` writes it.
    render = runpy.run_path(str(ROOT / "tools" / "diagnostics_page.py"))["render"]
    assert render(PAGE) == PAGE


def test_every_code_is_listed_and_its_page_is_there() -> None:
    for code in codes():
        link = f"../compiler/otac/diagnostics/pages/{code}.md"
        assert f"[{code}]({link})" in PAGE
        assert (ROOT / "docs" / link).resolve().exists()


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Europe/Berlin", [[3, 25, 31, 0, 120, 180]]),
        ("America/New_York", [[3, 8, 14, 0, 120, 180]]),
        ("Australia/Lord_Howe", [[10, 1, 7, 0, 120, 150]]),
        ("Asia/Tokyo", []),
        ("UTC", []),
    ],
)
def test_what_clocks_skip(zone: str, skipped: list[list[int]]) -> None:
    """The file, and the tool that made it, for zones whose rules have not changed for long."""
    zoneinfo = pytest.importorskip("zoneinfo")
    text = (ROOT / "schemas" / "daylight_saving.json").read_text(encoding="utf-8")
    by_zone = {
        name: one["skipped"] for one in json.loads(text) for name in one["zones"]
    }
    assert by_zone.get(zone, []) == skipped
    tool = runpy.run_path(str(ROOT / "tools" / "daylight_saving.py"))
    assert tool["skipped"](zoneinfo.ZoneInfo(zone)) == skipped


def test_the_walk_through_the_forms_is_what_otac_says_and_writes() -> None:
    # `python tools/migrating_page.py` writes it.
    render = runpy.run_path(str(ROOT / "tools" / "migrating_page.py"))["render"]
    assert (ROOT / "docs" / "migrating.md").read_text(encoding="utf-8") == render()
