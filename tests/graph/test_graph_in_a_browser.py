"""The page of `otac graph` in a real browser: widths, keys, the reader's clock."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Tab, browser

from background import until
from command import otac

_CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_CHROMIUM is None, reason="Chromium is not installed"),
]

_STEPS = """
      pipe:
        steps:
          - {id: look, use: Expression, expression: "{{ 1 }}"}
          - id: each
            for_each: "{{ [1, 2] }}"
            steps:
              - {id: inner, if: "{{ item > 1 and params.a_rather_long_name_of_a_parameter_%d }}", use: Expression, expression: "{{ item }}"}
      parameters: {a_rather_long_name_of_a_parameter_%d: true}
"""
_SHOWN = "[...document.querySelectorAll('main > section')].filter((one) => !one.hidden).map((one) => one.id).join()"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    assert _CHROMIUM is not None
    with browser(_CHROMIUM, tmp_path_factory.mktemp("browser")) as tab:
        yield tab


def _page(folder: Path, runners: int) -> str:
    text = "orchestrator:\n  runners:\n" + "".join(
        f"    - pipe_id: a_runner_with_a_rather_long_name-{number}\n"
        f"      interval_seconds: {300 + number % 5 * 300}" + _STEPS % (number, number)
        for number in range(runners)
    )
    (folder / "config.yml").write_text(text, "utf-8")
    command = ("graph", "config.yml", "--format", "html", "-o", "graph.html")
    assert otac(*command, "--from", "2026-01-01T00:00Z", cwd=folder).status == 0
    return (folder / "graph.html").as_uri()


@pytest.mark.parametrize("runners", [1, 12, 60])
def test_nothing_is_wider_than_the_window(
    tmp_path: Path, tab: Tab, runners: int
) -> None:
    page = _page(tmp_path, runners)
    for width in (360, 768, 1280, 1920):
        for part in ("", "#day", f"#r{runners}"):
            tab.show(page + part, width, dark=width == 768)
            wide = tab.value("document.documentElement.scrollWidth")
            assert wide <= width, (width, part)
            # The list, and one part beside or below it.
            assert tab.value(_SHOWN) == (part[1:] or "r1")
            assert width < 860 or tab.value("scrollY") == 0


def test_keys_are_enough(tmp_path: Path, tab: Tab) -> None:
    tab.show(_page(tmp_path, 12), 1280)
    focus = "document.activeElement"
    tab.press("Tab")
    assert tab.value(f"{focus}.id") == "theme"
    ground = "getComputedStyle(document.body).backgroundColor"
    before = tab.value(ground)
    tab.press("Enter")
    until("the other theme", lambda: tab.value(f"{ground} !== '{before}'") or None)
    tab.press("Tab")
    assert tab.value(f"{focus}.id") == "filter"
    tab.call("Input.insertText", text="NAME-7")
    seen = "document.querySelectorAll('nav [data-name]:not([hidden])').length"
    until("one runner", lambda: tab.value(f"{seen} === 1") or None)
    for _ in range(2):
        tab.press("ArrowDown")
    assert tab.value(f"{focus}.hash") == "#r8"
    tab.press("ArrowDown")
    assert tab.value(f"{focus}.hash") == "#r8"
    tab.press("Enter")
    until("the runner", lambda: tab.value(f"{_SHOWN} === 'r8'") or None)
    assert tab.value(f"{focus}.textContent") == "a_runner_with_a_rather_long_name-7"
    current = "document.querySelector('[aria-current]').hash"
    assert tab.value(current) == "#r8"
    tab.value("document.getElementById('filter').value = 'no such runner'")
    tab.value("document.getElementById('filter').dispatchEvent(new Event('input'))")
    assert tab.value(seen) == 0
    assert tab.value("document.getElementById('none').textContent") == (
        "no runner has this in its name"
    )


def test_times_are_those_of_the_reader(tmp_path: Path, tab: Tab) -> None:
    page = _page(tmp_path, 1)
    for zone, first in (("Asia/Tokyo", "09:00"), ("America/New_York", "19:00")):
        tab.call("Emulation.setTimezoneOverride", timezoneId=zone)
        tab.show(page + "#day", 1280)
        assert tab.value("document.querySelector('thead time').textContent") == first
        day = tab.value("document.querySelector('#day p').textContent")
        assert zone in day
        assert first in day
    tab.call("Emulation.setTimezoneOverride", timezoneId="UTC")


def test_a_runner_shows_its_own_starts_and_its_source(tmp_path: Path, tab: Tab) -> None:
    tab.show(_page(tmp_path, 2) + "#r2", 1280)
    strip = "document.querySelector('#r2 .strip')"
    # Every ten minutes.
    assert tab.value(f"{strip}.querySelectorAll('.track i').length") == 144
    assert tab.value(f"{strip}.querySelector('small').textContent") == (
        "144 runs in 24 hours"
    )
    source = "document.querySelector('#r2 pre').textContent"
    assert tab.value(source).startswith("- {id: look, use: Expression")
    is_open = "document.querySelector('#r2 details').open"
    assert tab.value(is_open) is False
    tab.value("document.querySelector('#r2 summary').focus()")
    tab.press("Enter")
    until("the source", lambda: tab.value(is_open) or None)
