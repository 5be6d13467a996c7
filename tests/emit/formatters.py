"""ruff and black, as a user would run them on generated code."""

import subprocess
import sys
from pathlib import Path

import black


def assert_formatted(source: str) -> None:
    """Neither formatter changes the source."""
    assert ruff("format", "-", source=source) == source
    assert black.format_str(source, mode=black.Mode()) == source


def ruff(*arguments: str, source: str) -> str:
    """What `ruff` prints, with nobody's configuration."""
    done = subprocess.run(
        [Path(sys.executable).with_name("ruff"), *arguments, "--isolated"],
        input=source.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()
