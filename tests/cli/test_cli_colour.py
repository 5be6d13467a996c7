"""Colour, on a terminal and nowhere else."""

import os
import struct
import subprocess
from pathlib import Path

import pytest

from command import BROKEN, OTAC, otac

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")


def on_a_terminal(folder: Path, *options: str, columns: int = 80, **env: str) -> str:
    """What `otac check` writes on a terminal."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm", **env}
    run = subprocess.Popen(
        [OTAC, "check", "config.yml", *options],
        cwd=folder,
        env=environment,
        stderr=end,
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


def test_what_is_typed_counts_for_more_than_what_is_set(broken: Path) -> None:
    always = otac("check", "config.yml", "--color", "always", cwd=broken, NO_COLOR="1")
    assert "\x1b[1;91merror[OTC202]\x1b[0m" in always.err
    never = on_a_terminal(broken, "--color", "never")
    assert "error[OTC202]: unknown key `tagz`" in never
    assert "\x1b" not in never


@pytest.mark.parametrize("columns", [50, 90, 200])
def test_lines_of_the_file_fit_the_terminal(columns: int, tmp_path: Path) -> None:
    long = f"        description: {{{'x' * 120}: 😀, y: &a [{'z' * 120}]}}\n"
    text = BROKEN.replace("      tagz: [a]\n", long)
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    written = on_a_terminal(tmp_path, "--color", "never", columns=columns)
    (shown,) = [line for line in written.splitlines() if line.startswith("6 | ")]
    # Three dots for what is cut off, and as much as there is room for.
    assert columns - 3 <= len(shown.rstrip()) <= columns or columns == 200
    assert "^" in written
