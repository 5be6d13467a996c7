"""Colour, on a terminal and nowhere else."""

import os
import subprocess
from pathlib import Path

import pytest

from command import BROKEN, OTAC, otac

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")


def on_a_terminal(folder: Path, **env: str) -> str:
    """What `otac check` writes on a terminal."""
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    run = subprocess.Popen(
        [OTAC, "check", "config.yml"], cwd=folder, env=environment, stderr=end
    )
    os.close(end)
    written = b""
    try:
        while chunk := os.read(terminal, 4096):
            written += chunk
    except OSError:  # how Linux tells that the other end is closed
        pass
    os.close(terminal)
    assert run.wait() == 1
    return written.decode()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_colour_on_a_terminal(broken: Path) -> None:
    written = on_a_terminal(broken)
    assert "\x1b[1;91merror[OTC202]\x1b[0m\x1b[1m: unknown key `tagz`" in written


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_colour_if_it_is_not_wanted(env: dict[str, str], broken: Path) -> None:
    written = on_a_terminal(broken, **env)
    assert "error[OTC202]: unknown key `tagz`" in written
    assert "\x1b" not in written


def test_no_colour_in_a_file(broken: Path) -> None:
    assert "\x1b" not in otac("check", "config.yml", cwd=broken).err
