"""What a build decided is said by the first one, and not by every one after it."""

from pathlib import Path

import pytest

from command import otac

_CONFIG = """\
orchestrator:
  runners:
    - {pipe_id: triage, pipe: {use: CheckEscalations}}
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project that is built, with what it does not say decided."""
    (tmp_path / "config.yml").write_text(_CONFIG, "utf-8")
    done = otac("build", cwd=tmp_path)
    assert "note[OTC330]" in done.err
    assert "found 1 note in config.yml" in done.err
    return tmp_path


def test_the_same_note_is_said_once(built: Path) -> None:
    """By a build that has nothing to do, one that writes, and a check."""
    done = otac("build", cwd=built)
    assert (done.status, done.out) == (0, "")
    assert done.err == "config.yml: nothing to do, all files are up to date\n"
    config = built / "config.yml"
    config.write_text(_CONFIG.replace("triage", "look"), "utf-8")
    assert otac("check", cwd=built).err == "config.yml is fine\n"
    done = otac("build", cwd=built)
    assert "note" not in done.err
    assert "created" in done.err


def test_another_note_is_said(built: Path) -> None:
    config = built / "config.yml"
    more = "    - {pipe_id: sort, pipe: {use: ProcessTickets, queue: Incoming}}\n"
    config.write_text(_CONFIG + more, "utf-8")
    done = otac("build", cwd=built)
    assert "no classifier under `services`" in done.err
    assert "no ticket system" not in done.err


def test_who_asks_and_programs_get_all(built: Path) -> None:
    assert "note[OTC330]" in otac("build", "--verbose", cwd=built).err
    assert "note[OTC330]" in otac("check", "--verbose", cwd=built).err
    assert "OTC330" in otac("check", "--format", "json", cwd=built).out
    assert "OTC330" in otac("build", "--format", "json", cwd=built).out
