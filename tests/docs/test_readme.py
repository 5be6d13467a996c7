"""What the README shows is what the program says, writes and does."""

import re
import runpy
from pathlib import Path

import pytest

from otac.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
(CONFIG,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PICTURE = (ROOT / "docs" / "pictures" / "routed.svg").read_text(encoding="utf-8")


def test_it_begins_with_twelve_lines_of_yaml() -> None:
    assert len(CONFIG.splitlines()) == 12
    order = ["```yaml", "error[", "routed.svg", "make demo", "## "]
    assert sorted(order, key=PAGE.index) == order


def test_the_mistake_is_caught_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = CONFIG.replace("min_confidence", "min_confidance")
    (tmp_path / "config.yml").write_text(wrong, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "config.yml"]) == 1
    assert f"```\n{capsys.readouterr().err}```" in PAGE


def test_the_module_is_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["build", "config.yml", "--quiet"]) == 0
    written = tmp_path / "generated" / "flows" / "ticket_processor.py"
    (shown,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert written.read_text(encoding="utf-8").startswith(shown)


def test_the_picture_fetches_nothing() -> None:
    assert re.findall(r"(?:url|href|src)\W+http", PICTURE) == []


@pytest.mark.slow
def test_the_picture_is_what_happens() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "pictures.py"))
    found = rows(PICTURE)
    assert sum("Routed to" in line for line in found) == 7
    assert rows(tool["picture"](tool["said"]())) == found


def test_the_recording_is_what_the_program_says() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "pictures.py"))
    kept = tool["RECORDING"].read_text("utf-8")
    found = rows(kept)
    assert any("did you mean `min_confidence`?" in line for line in found)
    assert rows(tool["recording"](tool["recorded"]())) == found
    assert re.findall(r"(?:url|href|src)\W+http", kept) == []
    # Each line comes at its time, and the end is the whole of it.
    times = [float(one) for one in re.findall(r"otac-shown 1ms ([\d.]+)s both", kept)]
    assert times == sorted(times)
    assert len(times) == len(re.findall("<text", kept)) - 1
    assert 5 < times[-1] < 15


def rows(picture: str) -> list[str]:
    """The lines of the table, in the order of their text: tickets are done side by side."""
    lines: dict[str, str] = {}
    for place, text in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>([^<]*)', picture):
        lines[place] = lines.get(place, "") + text.replace("&#160;", " ")
    shown = [
        re.sub(r"\d+\.\d+", "0", " ".join(line.split())) for line in lines.values()
    ]
    return sorted(shown)
