"""`--help` answers on one screen, and `--version` on one line."""

from pathlib import Path

import pytest

from command import Finished, otac
from otac import __version__

COMMANDS = (
    *(
        "init",
        "new",
        "build",
        "check",
        "run",
        "dev",
        "migrate",
        "test",
        "evaluate",
        "graph",
    ),
    *("plan", "deploy", "status", "review", "train", "explain", "components"),
)
OTHERS = ("worker", "schema", "lsp", "completions")
SCREEN = {"COLUMNS": "80", "LINES": "24"}


@pytest.mark.parametrize("command", [None, *COMMANDS, *OTHERS])
def test_help_fits_a_screen(command: str | None, tmp_path: Path) -> None:
    arguments = ["--help"] if command is None else [command, "--help"]
    finished = otac(*arguments, cwd=tmp_path, **SCREEN)
    lines = finished.out.splitlines()
    assert (finished.status, finished.err) == (0, "")
    assert len(lines) <= 24, f"{len(lines)} lines"
    assert max(map(len, lines)) <= 80
    assert "example: otac " in finished.out


def test_the_overview_names_every_command(tmp_path: Path) -> None:
    lines = otac("--help", cwd=tmp_path).out.splitlines()
    listed = lines[lines.index("commands:") + 1 :]
    assert tuple(line.split()[0] for line in listed[: len(COMMANDS)]) == COMMANDS
    assert listed[len(COMMANDS)].startswith(f"  {', '.join(OTHERS)}: ")


def test_version(tmp_path: Path) -> None:
    assert otac("--version", cwd=tmp_path) == Finished(0, f"otac {__version__}\n", "")
