"""`make newest`: what is pinned against what the index resolves to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_TOOL = Path(__file__).parents[2] / "tools" / "newest.py"


def _asked(folder: Path, script: str) -> tuple[int, str]:
    """What the tool says of a `uv` that does what the script says."""
    uv = folder / "uv"
    uv.write_text(f"#!/bin/sh\n{script}\n")
    uv.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(_TOOL), str(uv)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def _pinned() -> str:
    lines = _TOOL.parents[1].joinpath("requirements", "newest.txt").read_text()
    return next(x for x in lines.splitlines() if x.startswith("prefect=="))


def test_what_is_pinned_is_the_newest(tmp_path: Path) -> None:
    status, said = _asked(tmp_path, f"echo '{_pinned()}'; echo jinja2==99.0")
    assert status == 0
    assert said.startswith("prefect 3.")
    assert "Also moved: jinja2 " in said


def test_a_newer_release_fails_with_a_sentence(tmp_path: Path) -> None:
    status, said = _asked(tmp_path, "echo prefect==3.99.0")
    assert status == 1
    assert said.startswith("A plain install gets prefect 3.99.0 today")


@pytest.mark.parametrize(
    ("words", "status"),
    [("error sending request for url (http://x)", 0), ("No solution found", 1)],
)
def test_no_answer_is_told_from_no_solution(
    tmp_path: Path, words: str, status: int
) -> None:
    found, said = _asked(tmp_path, f"echo '{words}' >&2; exit 2")
    assert found == status
    assert "http" not in said
