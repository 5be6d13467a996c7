"""`tools/release`, in a clone that is about to be released."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from programs import ROOT

from otac import __version__


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "otac"
    _run("git", "clone", "--quiet", str(ROOT), str(folder), cwd=tmp_path)
    return folder


def test_what_is_not_ready_is_not_released(clone: Path) -> None:
    done = _release(clone, "--notes")
    assert done.returncode == 1
    assert "says that it is not released" in done.stderr
    (clone / "stray").touch()
    done = _release(clone)
    assert "there are changes that are not committed" in done.stderr
    assert not (clone / "dist").exists()


@pytest.mark.slow
def test_a_release_is_built_checked_and_described(clone: Path) -> None:
    changelog = clone / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    heading = f"## {__version__} (unreleased)"
    assert heading in text
    changelog.write_text(text.replace(heading, f"## {__version__} (2026-12-01)"))
    who = ("-c", "user.name=otac", "-c", "user.email=otac@example.com")
    _run("git", *who, "commit", "--quiet", "--all", "--message", "Date", cwd=clone)
    done = _release(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"== Python 3\.\d+, in an empty environment", done.stdout)
    assert sorted(one.name for one in (clone / "dist").iterdir()) == [
        ".gitignore",
        f"notes-{__version__}.md",
        f"otac-{__version__}-py3-none-any.whl",
        f"otac-{__version__}.tar.gz",
    ]
    notes = (clone / "dist" / f"notes-{__version__}.md").read_text(encoding="utf-8")
    assert notes.startswith(f"# otac {__version__}\n")
    assert "](docs/" not in notes


def _release(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    uv = str(Path(sys.executable).with_name("uv"))
    return subprocess.run(
        ["tools/release", *arguments],
        cwd=clone,
        env={**os.environ, "UV": uv},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)
