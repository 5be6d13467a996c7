"""How far long work is: a line on a terminal, and nothing anywhere else."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from command import OTAC, otac

_PLAIN = {"CI": "", "NO_COLOR": "", "TERM": "xterm"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration that takes some seconds."""
    folder = tmp_path_factory.mktemp("many")
    runners = "".join(
        f"    - {{pipe_id: r{number}, pipe: {{use: Expression, expression: 'x'}}}}\n"
        for number in range(4000)
    )
    text = f"orchestrator:\n  runners:\n{runners}"
    (folder / "config.yml").write_text(text, "utf-8")
    return folder


def _shown(folder: Path, *options: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [OTAC, "build", "--check", *options],
        cwd=folder,
        env={**os.environ, **_PLAIN, **environment},
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.5)[0]:
            try:
                shown += os.read(ours, 65536).decode()
            except OSError:
                break
        elif process.poll() is not None:
            break
    os.close(ours)
    process.wait(60)
    return shown


def test_a_long_build_says_how_far_it_is(folder: Path) -> None:
    shown = _shown(folder)
    assert re.search(r"\r\x1b\[K[a-z ]+: \d+ of 400\d(, \d+ s left)?\r", shown)
    # And what follows stands on a line of its own.
    assert "\r\x1b[K\x1b[" in shown or "\r\x1b[Kerror" in shown


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ((), {"CI": "true"}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
        (("--quiet",), {}),
    ],
)
def test_nobody_is_told_who_cannot_see_it(
    folder: Path, options: tuple[str, ...], environment: dict[str, str]
) -> None:
    assert " of 400" not in _shown(folder, *options, **environment)


def test_nothing_goes_into_a_pipe(folder: Path) -> None:
    done = otac("build", "--check", cwd=folder, timeout=240)
    assert " of 400" not in done.out + done.err
    assert "\x1b" not in done.err
