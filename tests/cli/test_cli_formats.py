"""Diagnostics in each format, and how many of them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command import BROKEN, SOUND, otac

MANY = BROKEN + "      tagy: [a]\n      tagx: [a]\n      tagw: [a]\n"
MACHINE = ("json", "github", "gitlab", "sarif", "junit")
# Three errors, and a warning after the first.
MIXED = """\
orchestrator:
  runners:
    - pipe_id: triage
      tagz: [a]
      pipe:
        timeout_second: 5
        steps: [{use: CheckEscalationz}, {use: CheckEscalation}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(MANY, encoding="utf-8")
    (tmp_path / "sound.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "mixed.yml").write_text(MIXED, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("format", MACHINE)
@pytest.mark.parametrize("command", ["check", "build"])
def test_what_is_for_programs_is_all_there_is(
    command: str, format: str, folder: Path
) -> None:
    finished = otac(command, "config.yml", "--format", format, cwd=folder)
    assert (finished.status, finished.err) == (1, "")
    assert finished.out.count("OTC202") >= 4
    fine = otac(command, "sound.yml", "--format", format, "-q", cwd=folder)
    assert (fine.status, fine.err) == (0, "")
    assert "OTC" not in fine.out


def test_each_format_is_what_it_says(folder: Path) -> None:
    def out(format: str) -> str:
        return otac("check", "config.yml", "--format", format, cwd=folder).out

    assert len(json.loads(out("json"))) == 4
    assert len(json.loads(out("gitlab"))) == 4
    assert json.loads(out("sarif"))["version"] == "2.1.0"
    assert ElementTree.fromstring(out("junit")).tag == "testsuites"
    assert [line.split()[0] for line in out("github").splitlines()] == ["::error"] * 4


@pytest.mark.parametrize(
    ("most", "shown", "last"),
    [
        ("1", 2, "found 3 errors and 2 warnings in mixed.yml; the first 2 are shown"),
        ("2", 3, "found 3 errors and 2 warnings in mixed.yml; the first 3 are shown"),
        ("3", 5, "found 3 errors and 2 warnings in mixed.yml"),
        ("9", 5, "found 3 errors and 2 warnings in mixed.yml"),
    ],
)
def test_no_more_errors_than_wanted(
    most: str, shown: int, last: str, folder: Path
) -> None:
    # The second warning is about the last line and comes last.
    (folder / "mixed.yml").write_text(MIXED + "      # otac: ignore[x]\n", "utf-8")
    command = ("check", "mixed.yml", "--format", "concise", "--max-errors", most)
    finished = otac(*command, cwd=folder)
    lines = finished.err.splitlines()
    assert (finished.status, len(lines), lines[-1]) == (1, shown + 1, last)


@pytest.mark.parametrize("most", ["0", "-1", "x", "1.5"])
def test_the_number_is_one(most: str, folder: Path) -> None:
    finished = otac("check", "config.yml", f"--max-errors={most}", cwd=folder)
    assert finished.status == 2
    assert "a whole number from 1 on is wanted" in finished.err


def test_strict_counts_what_a_comment_silences_as_silenced(folder: Path) -> None:
    (folder / "config.yml").write_text(
        SOUND + "      timezone: Europe/Berlin  # otac: ignore[OTC356]\n", "utf-8"
    )
    assert otac("check", "config.yml", "--strict", cwd=folder).status == 0
    (folder / "config.yml").write_text(
        SOUND + "      timezone: Europe/Berlin\n", "utf-8"
    )
    finished = otac("check", "config.yml", "--strict", cwd=folder)
    assert finished.status == 1
    assert "error[OTC356]" in finished.err
