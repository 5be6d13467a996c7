"""`otac migrate` in a real terminal: it asks, shows, writes beside, builds, and loses nothing."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command import OTAC, SOUND

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is not known there", allow_module_level=True)

from terminal import Terminal

OLD = """\
# The helpdesk of the city
system:
  server_address: "https://helpdesk.example.com"
  webservice_name: "OTACWS"
  username: "otac"
  password_env_var: "OTOBO_PASSWORD"
filter_by_queue: "Incoming"
hf_model: acme/queues
hf_token_env_var: HF_TOKEN
confidence_threshold: 0.8
low_confidence_queue: "Unsorted"
run_every_milli_seconds: 1
"""
ASKED = "helpdesk-address [https://helpdesk.example.com/otobo/nph-genericinterface.pl]:"
INTERVAL = "interval [10 s]:"
WHERE = "Write it to [old.new.yml]:"

Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    opened: list[Terminal] = []

    def begin(text: str, *options: str) -> Terminal:
        (tmp_path / "old.yml").write_text(text, encoding="utf-8")
        command = [OTAC, "migrate", "old.yml", *options]
        opened.append(Terminal(command, tmp_path, 130, 120))
        return opened[-1]

    yield begin
    for one in opened:
        one.process.kill()
        one.process.wait()
        one.close()


def ended(terminal: Terminal, text: str) -> str:
    """The screen at the end."""
    status = terminal.process.wait(120)
    return (
        terminal.see(f"{text} on the screen", lambda shown: text in shown)
        + f"\n{status}"
    )


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_asks_shows_writes_builds_and_says_what_is_next(
    start: Start, tmp_path: Path
) -> None:
    terminal = start(OLD)
    shown = terminal.wait_for(ASKED)
    # The line that it is about, and the answers.
    assert '3 |   server_address: "https://helpdesk.example.com"' in shown
    assert "  2  https://helpdesk.example.com/znuny/nph-genericinterface.pl" in shown
    terminal.type("2\n")
    terminal.wait_for(INTERVAL)
    terminal.type("\n")
    shown = terminal.wait_for(WHERE)
    assert '+        queue: "Incoming"' in shown
    assert files(tmp_path) == ["old.yml"]
    terminal.type("\n")
    shown = ended(terminal, "--dry-run")
    assert "old.new.yml: written; old.yml is as it was" in shown
    assert "1. set OTOBO_PASSWORD where runs happen" in shown
    assert "2. otac check old.new.yml --online" in shown
    assert "3. otac run old.new.yml classify --dry-run" in shown
    assert shown.endswith("\n0")
    assert (tmp_path / "old.yml").read_text(encoding="utf-8") == OLD
    written = (tmp_path / "old.new.yml").read_text(encoding="utf-8")
    assert "/znuny/nph-genericinterface.pl" in written
    assert "interval_seconds: 10" in written
    assert (tmp_path / "generated" / "flows" / "classify.py").is_file()


def test_an_answer_that_is_none_is_asked_again(start: Start) -> None:
    terminal = start(OLD)
    terminal.wait_for(ASKED)
    terminal.type("1\n")
    terminal.wait_for(INTERVAL)
    terminal.type("7\n")
    terminal.wait_for("`7` is none of these")
    terminal.type("0.1 s\n")
    terminal.wait_for(WHERE)


@pytest.mark.parametrize("how", ["ctrl-c", "end of file", "hangup"])
def test_an_interrupted_dialogue_writes_nothing_and_repeats_the_answers(
    how: str, start: Start, tmp_path: Path
) -> None:
    terminal = start(OLD)
    terminal.wait_for(ASKED)
    terminal.type("2\n")
    terminal.wait_for(INTERVAL)
    if how == "hangup":
        terminal.process.send_signal(signal.SIGHUP)
    else:
        terminal.type("\x03" if how == "ctrl-c" else "\x04")
    shown = ended(terminal, "--answer helpdesk-address=")
    assert "old.yml: nothing was written" in shown
    assert "/znuny/nph-genericinterface.pl" in shown.split("--answer", 1)[1]
    assert shown.endswith("\n1" if how == "end of file" else "\n130")
    assert files(tmp_path) == ["old.yml"]
    assert (tmp_path / "old.yml").read_text(encoding="utf-8") == OLD


def test_a_file_that_is_there_is_not_overwritten(start: Start, tmp_path: Path) -> None:
    (tmp_path / "old.new.yml").write_text("mine", encoding="utf-8")
    terminal = start(OLD, "--answer", "interval=10 s")
    terminal.wait_for(ASKED)
    terminal.type("\n")
    terminal.wait_for("Write it to [old.new1.yml]:")
    terminal.type("old.yml\n")
    terminal.wait_for("`old.yml` exists, and is not overwritten")
    terminal.type("mine.yml\n")
    ended(terminal, "next:")
    assert (tmp_path / "old.new.yml").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "old.yml").read_text(encoding="utf-8") == OLD
    assert (tmp_path / "mine.yml").is_file()


def test_a_target_that_is_there_is_said_before_anything_is_asked(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "new.yml").write_text("mine", encoding="utf-8")
    shown = ended(start(OLD, "-o", "new.yml"), "is not overwritten")
    assert "OTC507" in shown
    assert "helpdesk-address" not in shown
    assert (tmp_path / "new.yml").read_text(encoding="utf-8") == "mine"


def test_what_another_configuration_was_built_to_stays(
    start: Start, tmp_path: Path
) -> None:
    import shutil
    import subprocess

    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    subprocess.run([OTAC, "build", "config.yml"], cwd=tmp_path, check=True)
    before = (tmp_path / "generated" / "otac.lock").read_bytes()
    assert shutil.which("sh")
    terminal = start(OLD, "--answer", "interval=10 s")
    terminal.wait_for(ASKED)
    terminal.type("\n")
    terminal.wait_for(WHERE)
    terminal.type("\n")
    shown = ended(terminal, "next:")
    assert "generated is built from config.yml, and is left so" in shown
    assert (tmp_path / "generated" / "otac.lock").read_bytes() == before


def test_plausible_corrections_are_asked_one_by_one(
    start: Start, tmp_path: Path
) -> None:
    wrong = SOUND.replace("CheckEscalations}", "CheckEscalations, max_age: 2}")
    terminal = start(wrong + "      tagz: [a]\n")
    shown = terminal.wait_for("Nothing else can have been meant. Make this correction?")
    assert "    + tags: [a]" in shown
    terminal.type("y\n")
    shown = terminal.wait_for(
        "Make it? (another name may have been meant) [Y/n/a for all]"
    )
    assert "`CheckEscalations` has no parameter `max_age`" in shown
    terminal.type("n\n")
    terminal.wait_for(WHERE)
    terminal.type("\n")
    ended(terminal, "written; old.yml is as it was")
    assert "max_age: 2" in (tmp_path / "old.new.yml").read_text(encoding="utf-8")


def test_where_nothing_is_open_nothing_is_asked(start: Start, tmp_path: Path) -> None:
    shown = ended(start(SOUND), "nothing to do, it has today's form")
    assert shown.endswith("\n0")
    assert files(tmp_path) == ["old.yml"]
