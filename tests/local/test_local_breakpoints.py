"""Breakpoints, questions and ends of the process in components under `otac run`."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from background import until
from command import OTAC, otac
from terminal import Terminal

pytestmark = pytest.mark.slow

CONFIG = """\
orchestrator:
  defaults: {retries: 2, retry_delay_seconds: 60}
  runners:
    - {pipe_id: plain, pipe: {use: "stops:plain"}}
    - {pipe_id: later, pipe: {use: "stops:later"}}
    - {pipe_id: asks, pipe: {use: "stops:asks"}}
    - {pipe_id: leaves, pipe: {use: "stops:leaves"}}
    - {pipe_id: ends, pipe: {use: "stops:ends", retries: 0}}
"""
COMPONENTS = """\
import os
import pdb
import sys


def plain() -> dict[str, int]:
    answer = 41
    breakpoint()
    return {"answer": answer}


async def later() -> dict[str, int]:
    answer = 41
    pdb.set_trace()
    return {"answer": answer}


def asks() -> str:
    return input("who? ")


def leaves() -> None:
    os._exit(0)


def ends() -> None:
    sys.exit("no licence")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stops")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "stops.py").write_text(COMPONENTS, encoding="utf-8")
    return folder


@pytest.fixture
def terminals(folder: Path) -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.process.kill()
        terminal.process.wait()
        terminal.close()


@pytest.mark.parametrize("runner", ["plain", "later"])
def test_a_breakpoint_opens_on_the_terminal(
    runner: str, folder: Path, terminals: list[Terminal]
) -> None:
    terminal = Terminal([OTAC, "run", "config.yml", runner], folder, 100, 30)
    terminals.append(terminal)
    terminal.wait_for("stops.py", "(Pdb)")
    terminal.type("p answer + 1\n")
    terminal.wait_for("\n42\n(Pdb)")
    terminal.type("answer = 7\n")
    # What is typed ahead is shown before the prompt, and the answer behind it.
    terminal.wait_for("answer = 7\n(Pdb)")
    terminal.type("p answer\n")
    terminal.wait_for("\n7\n")
    terminal.type("c\n")
    assert until("the end", terminal.process.poll) == 0
    terminal.see("the end", lambda text: "Completed after" in text)


def test_leaving_the_debugger_ends_the_step(
    folder: Path, terminals: list[Terminal]
) -> None:
    terminal = Terminal([OTAC, "run", "config.yml", "plain"], folder, 100, 30)
    terminals.append(terminal)
    terminal.wait_for("(Pdb)")
    terminal.type("q\n")
    assert until("the end", terminal.process.poll) == 1
    terminal.see("the reason", lambda text: "failed: the debugger was left" in text)


@pytest.mark.parametrize(("runner", "line"), [("plain", 8), ("later", 14)])
def test_without_a_terminal_a_breakpoint_ends_the_step_at_once(
    runner: str, line: int, folder: Path
) -> None:
    ran = otac("run", "config.yml", runner, cwd=folder, timeout=300)
    assert ran.status == 1
    why = f"a breakpoint needs a terminal, and this run has none (stops.py:{line})"
    assert why in ran.err
    assert "1 attempt " in ran.err
    off = otac(
        "run", "config.yml", runner, cwd=folder, timeout=300, PYTHONBREAKPOINT="0"
    )
    assert (off.status, json.loads(off.out)[runner]) == (0, {"answer": 41})


def test_quietly_a_failure_says_why(folder: Path) -> None:
    quiet = otac("run", "-q", "config.yml", "ends", cwd=folder, timeout=300)
    assert (quiet.status, quiet.out) == (1, "")
    (line,) = quiet.err.splitlines()
    assert line.startswith("ends: Failed after ")
    assert "step `ends` failed: SystemExit: no licence [runner `ends`" in line


def test_a_process_that_ends_itself_is_crashed(folder: Path) -> None:
    ran = otac("run", "-q", "config.yml", "leaves", cwd=folder, timeout=300)
    assert ran.status == 1
    assert ran.err == "leaves: Crashed: its process ended with status 0\n"
    (database,) = (folder / ".otac").rglob("prefect.db")
    with closing(sqlite3.connect(database)) as connection:
        states = connection.execute(
            "SELECT state_name FROM flow_run JOIN flow ON flow.id = flow_run.flow_id"
            " WHERE flow.name = 'leaves'"
        ).fetchall()
    assert states == [("Crashed",)]


def test_who_asks_is_told_that_nobody_answers(folder: Path) -> None:
    config = (folder / "config.yml").read_text(encoding="utf-8")
    (folder / "once.yml").write_text(config.replace("retries: 2", "retries: 0"))
    ran = otac("run", "once.yml", "asks", cwd=folder, timeout=300)
    assert ran.status == 1
    assert "step `asks` failed: EOFError: EOF when reading a line" in ran.err
