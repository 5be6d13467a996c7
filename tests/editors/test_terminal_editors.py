"""The settings of docs/editors.md, in the editors that are on this machine."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_PAGE = (_ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
_CONFIG = """\
orchestrator:
  runners:
    - pipe_id: triage
      pipe: {use: CheckEscalations}
      intervall_seconds: 300
"""
_MESSAGE = "unknown key `intervall_seconds` in a runner"


def _settings(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", _PAGE)


def _installed(editor: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        shutil.which(editor) is None, reason=f"{editor} is not installed here"
    )


def _drive(folder: Path, *command: str | Path) -> str:
    """What the editor wrote into `found`, once it had something to show."""
    (folder / "config.yml").write_text(_CONFIG, encoding="utf-8")
    bin = Path(sys.executable).parent  # noqa: A001
    done = subprocess.run(
        command,
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "found").read_text(encoding="utf-8")


@pytest.mark.slow
@_installed("nvim")
def test_neovim(tmp_path: Path) -> None:
    told = subprocess.check_output(["nvim", "--version"], text=True)
    minor = int(re.findall(r"NVIM v0\.(\d+)", told)[0])
    newer, older = _settings("lua")
    (tmp_path / "init.lua").write_text(newer if minor >= 11 else older)
    driving = f"luafile {_HERE / 'neovim.lua'}"
    found = _drive(
        tmp_path, "nvim", "--headless", "-u", "init.lua", "config.yml", "-c", driving
    )
    ((line, column, message),) = json.loads(found)
    assert (line, column) == (4, 6)
    assert message.startswith(_MESSAGE)


@pytest.mark.slow
@_installed("emacs")
def test_emacs(tmp_path: Path) -> None:
    (settings,) = _settings("elisp")
    (tmp_path / "settings.el").write_text(settings, encoding="utf-8")
    found = _drive(tmp_path, "emacs", "--batch", "-l", _HERE / "emacs.el")
    assert _MESSAGE in found
