"""How far long work is: a line on a terminal, and nothing anywhere else."""

import io
import re
import sys
from pathlib import Path

import pytest

from command import otac
from otac.cli.progress import Progress
from terminal import on_a_terminal

_PLAIN = {"CI": "", "NO_COLOR": "", "TERM": "xterm"}
# A quick machine would be done before it says anything.
_AT_ONCE = (
    "import sys, otac.cli.progress as progress; progress._PATIENCE_SECONDS = 0.0;"
    "from otac.cli.main import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration of 400 runners."""
    folder = tmp_path_factory.mktemp("many")
    runners = "".join(
        f"    - {{pipe_id: r{number}, pipe: {{use: Expression, expression: 'x'}}}}\n"
        for number in range(400)
    )
    text = f"orchestrator:\n  runners:\n{runners}"
    (folder / "config.yml").write_text(text, "utf-8")
    return folder


def _shown(folder: Path, *options: str, **environment: str) -> str:
    command: list[str | Path] = [sys.executable, "-c", _AT_ONCE, "build", "--check"]
    _, shown = on_a_terminal([*command, *options], folder, **_PLAIN | environment)
    return shown


def test_a_long_build_says_how_far_it_is(folder: Path) -> None:
    shown = _shown(folder)
    assert re.search(r"\r\x1b\[K[a-z ]+: \d+ of 40\d(, \d+ (s|min) left)?\r", shown)
    # And what follows stands on a line of its own.
    assert re.search(r"\r\x1b\[K(\x1b\[[\d;]+m)?error", shown), shown[:600]


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ((), {"CI": "true"}),
        ((), {"NO_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
        (("--quiet",), {}),
        (("--color", "never"), {}),
    ],
)
def test_nobody_is_told_who_cannot_see_it(
    folder: Path, options: tuple[str, ...], environment: dict[str, str]
) -> None:
    assert " of 40" not in _shown(folder, *options, **environment)


def test_nothing_goes_into_a_pipe(folder: Path) -> None:
    done = otac("build", "--check", cwd=folder, timeout=240)
    assert " of 40" not in done.out + done.err
    assert "\x1b" not in done.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_first_second_is_silent_and_then_there_is_an_estimate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in _PLAIN.items():
        monkeypatch.setenv(name, value)
    clock = iter((100.0, 100.1, 100.9, 102.1, 350.1, 350.2))
    monkeypatch.setattr("otac.cli.progress.time.monotonic", lambda: next(clock))
    screen = _Terminal()
    progress = Progress(screen, quiet=False)
    progress.count("deploying", 0, 1000)
    progress.count("deploying", 40, 1000)
    assert screen.getvalue() == ""
    progress.count("deploying", 100, 1000)
    assert screen.getvalue() == "\r\x1b[Kdeploying: 100 of 1000, 18 s left\r"
    progress.count("deploying", 500, 1000)
    assert screen.getvalue().endswith("deploying: 500 of 1000, 4 min left\r")
    progress.count("deploying", 1000, 1000)
    assert screen.getvalue().endswith("\r\x1b[K")
