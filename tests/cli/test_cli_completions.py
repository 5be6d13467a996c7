"""What a shell offers behind `otac`, in the shells that are on this machine."""

import os
import pty
import re
import select
import shutil
import subprocess
import termios
import time
from pathlib import Path

import pytest

from command import OTAC, otac

_CONFIG = """\
orchestrator:
  runners:
    - pipe_id: triage_sales
      pipe: {use: CheckEscalations}
    # - pipe_id: no_more
    - {pipe_id: "triage_desk", pipe: {use: CheckEscalations}}
    - {pipe_id: report, pipe: {use: CheckEscalations}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(_CONFIG, "utf-8")
    (tmp_path / "my tests").mkdir()
    (tmp_path / ".hidden").mkdir()
    return tmp_path


def _offered(folder: Path, *words: str) -> list[str]:
    done = otac("completions", "bash", "--complete", *words, cwd=folder)
    assert (done.status, done.err) == (0, "")
    return [line.partition("\t")[0] for line in done.out.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["de"], ["dev", "deploy"]),
        (["--v"], ["--version"]),
        (["plan", "--sel"], ["--select"]),
        (["deploy", "--create-p"], ["--create-pools"]),
        (["plan", "--format", "j"], ["json", "junit"]),
        (["plan", "--format=j"], ["--format=json", "--format=junit"]),
        (["plan", "--format", "=", "j"], ["json", "junit"]),
        (["plan", "--format", "="], ["full", "concise", "json", "github"]),
        (["plan", "--select", "triage_d"], ["triage_desk"]),
        (["plan", "--select", "report,tri"], ["report,triage_sales"]),
        (["run", "rep"], ["report"]),
        (["run", "--dry-run", "rep"], ["report"]),
        (["check", "con"], [":files", "config.yml"]),
        (["check", "my"], [":files", "my tests/"]),
        (["check", ".h"], [":files", ".hidden/"]),
        (["build", "--output", ""], [":files", "my tests/"]),
        (["explain", "OTC54"], ["OTC540"]),
        (["completions", "z"], ["zsh"]),
        (["nonsense", ""], []),
        (["lsp", "x"], []),
    ],
)
def test_what_fits(folder: Path, words: list[str], offered: list[str]) -> None:
    found = _offered(folder, *words)
    assert found[: len(offered)] == offered
    if not offered:
        assert found == []
    assert "no_more" not in str(found)


def test_every_option_of_every_command_is_offered(folder: Path) -> None:
    """Those that its help shows, from one table."""
    for command in _offered(folder, ""):
        if command == ":files":
            continue
        text = otac(command, "--help", cwd=folder, COLUMNS="80").out
        shown = re.findall(r"^  (?:-\w[^,]*, )?(--[a-z-]+)", text, re.MULTILINE)
        assert set(shown) <= set(_offered(folder, command, "-")), command


def test_powershell_keeps_an_empty_word(folder: Path) -> None:
    ask = ("completions", "powershell", "--complete", "plan", "--select", ":")
    lines = otac(*ask, cwd=folder).out.splitlines()
    assert [line.strip() for line in lines] == ["triage_sales", "triage_desk", "report"]


def _home(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    path = f"{OTAC.parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if k[:4] not in ("XDG_", "ZDOT")}
    return {**kept, "HOME": str(home), "PATH": path, "TERM": "dumb", "PS1": "$ "}


def _install(folder: Path, shell: str) -> None:
    done = subprocess.run(
        [OTAC, "completions", shell, "--install"],
        cwd=folder,
        env=_home(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _typed(folder: Path, command: list[str], keys: str, wanted: str) -> str:
    """What a shell shows after keys were typed, up to what is wanted."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 200))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=_home(folder),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, typed = "", False
    deadline = time.monotonic() + 120
    try:
        while time.monotonic() < deadline and not re.search(wanted, shown):
            if select.select([ours], [], [], 1.0)[0]:
                shown += os.read(ours, 4096).decode("utf-8", "replace")
            elif not typed:
                # It has read its files and waits.
                os.write(ours, keys.encode())
                typed = True
    finally:
        process.kill()
        process.wait(30)
        os.close(ours)
    return shown


def test_bash_completes_as_it_is_installed(folder: Path) -> None:
    """By the line in `.bashrc`, which stands there once; in a real, interactive bash."""
    if (bash := shutil.which("bash")) is None:
        pytest.skip("there is no bash on this machine")
    rc = folder / "home" / ".bashrc"
    _home(folder)
    rc.write_text("# mine, without an end of line", "utf-8")
    _install(folder, "bash")
    _install(folder, "bash")
    text = rc.read_text("utf-8")
    assert text.startswith("# mine, without an end of line\n")
    assert text.count("# otac completions") == 1
    command = [bash, "--noprofile", "-i"]
    keys = "otac plan --sel\ttriage_d\t"
    shown = _typed(folder, command, keys, "triage_desk")
    assert "otac plan --select triage_desk" in shown
    shown = _typed(folder, command, "otac check my\t", "tests/")
    assert "my\\ tests/" in shown


def test_zsh_completes_as_it_is_installed(folder: Path) -> None:
    if (zsh := shutil.which("zsh")) is None:
        pytest.skip("there is no zsh on this machine")
    _home(folder)
    _install(folder, "zsh")
    rc = folder / "home" / ".zshrc"
    rc.write_text("PROMPT='$ '\n" + rc.read_text("utf-8"))
    keys = "otac plan --sel\ttriage_d\t"
    shown = _typed(folder, [zsh, "-d", "-i"], keys, "triage_desk")
    # The cursor goes back and forth.
    assert re.search(r"plan --select [\x08 ]*triage_desk", shown), shown


def test_fish_completes_as_it_is_installed(folder: Path) -> None:
    """Fish says without a terminal what it would offer."""
    if (fish := shutil.which("fish")) is None:
        pytest.skip("there is no fish on this machine")
    _home(folder)
    _install(folder, "fish")
    for line, offered in (
        ("otac plan --sel", "--select\t"),
        ("otac plan --select triage_d", "triage_desk"),
        ("otac check conf", "config.yml"),
    ):
        done = subprocess.run(
            [fish, "-c", f"complete -C '{line}'"],
            cwd=folder,
            env=_home(folder),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert offered in done.stdout, (line, done)


def test_a_profile_that_cannot_be_written_is_a_diagnostic(folder: Path) -> None:
    _home(folder)
    (folder / "home" / ".bashrc").mkdir()
    done = subprocess.run(
        [OTAC, "completions", "bash", "--install"],
        cwd=folder,
        env=_home(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "error[OTC5" in done.stderr
