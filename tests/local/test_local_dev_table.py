"""`otac dev` in a terminal: what the screen shows, and what is left of it afterwards."""

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from development import Server, copy_project

from background import until
from command import OTAC
from otac.local.descendants import descendants, lives
from terminal import Terminal

pytestmark = pytest.mark.slow

DEPLOYED = re.compile(r"deployed in \d+\.\d s: 6 made")


class Shown(Terminal):
    """An `otac dev` in a terminal of 80 columns and 24 lines."""

    def __init__(self, folder: Path) -> None:
        copy_project(folder)
        super().__init__([OTAC, "dev", "config.yml"], folder, 80, 24)
        self.folder = folder
        self.config = (folder / "config.yml").read_text(encoding="utf-8")

    @property
    def server(self) -> Server:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.text)
        assert found is not None
        return Server(found[0])

    def save(self, old: str, new: str) -> None:
        assert old in self.config
        text = self.config.replace(old, new)
        (self.folder / "config.yml").write_text(text, encoding="utf-8")

    def row(self, runner: str) -> str:
        """The line of a runner, and the one below it."""
        lines = self.text.splitlines()
        found = [n for n, line in enumerate(lines) if line.startswith(f"{runner} ")]
        return "\n".join(lines[found[0] : found[0] + 2]) if found else ""

    def runs(self) -> int | None:
        """Those of `often`, if they can be read at this moment."""
        pattern = r"(\d+)(?: +\d+)?  (?:Completed|Running)"
        found = re.search(pattern, self.row("often").split("\n")[0])
        return int(found[1]) if found else None

    def wait_for_row(self, runner: str, pattern: str) -> str:
        self.see(
            f"{pattern} for {runner}",
            lambda _: re.search(pattern, self.row(runner)) is not None,
        )
        return self.row(runner)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """One that has deployed; each test leaves its configuration as it was."""
    terminal = Shown(tmp_path_factory.mktemp("table"))
    try:
        terminal.see("a deployment", lambda text: DEPLOYED.search(text) is not None)
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.terminate()
        terminal.process.wait(60)
        terminal.close()


def test_each_runner_has_a_row(shown: Shown) -> None:
    lines = shown.text.splitlines()
    assert re.match(r"Prefect is at http://127.0.0.1:\d+ +config.yml, 6 ru", lines[0])
    assert lines[2].split() == [
        *("runner", "schedule", "next", "runs"),
        *lines[2].split()[4:],
    ]
    assert re.match(r"often +every 10 s ", shown.row("often"))
    assert re.match(r"failing +cron 0 4 \* \* \* ", shown.row("failing"))
    assert re.match(r"stopping +after often ", shown.row("stopping"))
    assert re.match(r"sleeping +by hand ", shown.row("sleeping"))
    assert re.search(r"Prefect's log: .otac/prefect-[\d.]+/prefect.log$", lines[-1])


def test_what_is_scheduled_runs_and_the_next_run_is_counted_down(shown: Shown) -> None:
    shown.wait_for_row("often", r"in \d+ s +\d+ .*Completed \d+ s ago")


def test_a_failed_run_says_where(shown: Shown) -> None:
    shown.server.run("failing")
    row = shown.wait_for_row("failing", r" [1-9]\d* +[1-9]\d*  Failed \d+ s ago")
    assert "config.yml:30: step `hopeless` failed after 2 attempts: Va" in row
    event = r"\d\d:\d\d:\d\d  failing  Failed after \d+\.\d s: config.yml:30: step"
    assert re.search(event, shown.text)


def test_a_stopped_run_says_why(shown: Shown) -> None:
    shown.server.run("stopping")
    assert "no more" in shown.wait_for_row("stopping", r"Stopped \d+ s ago")


def test_a_mistake_is_shown_and_the_runners_go_on(shown: Shown) -> None:
    shown.save("cron:", "corn:")
    try:
        text = shown.wait_for("The last good version is running.", "has errors")
        at = text.index("The last good")
        assert text[at:].startswith(
            "The last good version is running.\n"
            "error[OTC202]: unknown key `corn` in a runner\n"
            "  --> config.yml:27:7\n"
            "   |\n"
            '27 |       corn: "0 4 * * *"\n'
            "   |       ^^^^ a runner has no such key\n"
        )
        runs = until("a count of runs", shown.runs)
        shown.see("another run", lambda _: (shown.runs() or 0) > runs)
        assert "The last good version is running." in shown.text
    finally:
        shown.save("cron:", "cron:")
    shown.see("no mistake", lambda text: "The last good version" not in text)


def test_a_mended_save_is_deployed(shown: Shown) -> None:
    shown.save("interval_seconds: 10", "interval_seconds: 3m")
    shown.wait_for_row("often", "^often +every 3 min ")
    (schedule,) = shown.server.deployments()["often"]["schedules"]
    assert schedule["schedule"]["interval"] == 180
    shown.wait_for("s: 1 changed")
    shown.save("interval_seconds: 10", "interval_seconds: 10")
    shown.wait_for_row("often", "^often +every 10 s ")


PASSES = """\
tests:
  - name: what comes
    runner: often
    expect: {results: {often.value: done}}
"""
FAILS = """\
  - name: what does not come
    runner: often
    expect:
      results: {often.value: wrong}
"""


def test_tests_are_run_after_a_save(shown: Shown) -> None:
    tests = shown.folder / "tests" / "some.yml"
    tests.parent.mkdir()
    tests.write_text(PASSES + FAILS, "utf-8")
    try:
        text = shown.wait_for("1 of 2 tests failed:", "--> tests/")
        at = text.index("This is deployed, and 1 of 2 tests failed:\n")
        said = " ".join(text[at:].split())
        assert (
            "error[OTC660]: test `what does not come`: result `often.value`: expected"
            " `wrong`, came `done` --> tests/some.yml:8:"
        ) in said
        runs = until("a count of runs", shown.runs)
        shown.see("another run", lambda _: (shown.runs() or 0) > runs)
        # A mistake comes first; the good version goes on, and so do its tests' results.
        shown.save("cron:", "corn:")
        text = shown.wait_for("The last good version is running.")
        assert "This is deployed" not in text
        shown.save("{{ 'done' }}", "{{ 'wrong' }}")
        shown.wait_for("test `what comes`", "--> tests/some.yml:4:")
        tests.write_text(FAILS.replace("  - name", "tests:\n  - name", 1), "utf-8")
        shown.see("tests that pass", lambda text: " 1 test passed in " in text)
        shown.see("no failure", lambda text: "This is deployed" not in text)
    finally:
        shown.save("cron:", "cron:")
        shutil.rmtree(tests.parent)


def test_a_test_that_hangs_harms_nothing(shown: Shown) -> None:
    tests = shown.folder / "tests" / "some.yml"
    tests.parent.mkdir()
    asleep = shown.folder / "asleep"
    asleep.unlink(missing_ok=True)
    hangs = "tests: [{name: a, runner: sleeping, expect: {state: Completed}}]"
    try:
        tests.write_text(hangs, "utf-8")
        until("a test that sleeps", lambda: True if asleep.exists() else None)
        runs = until("a count of runs", shown.runs)
        shown.see("another run", lambda _: (shown.runs() or 0) > runs)
        # The next save ends it.
        tests.write_text(PASSES, "utf-8")
        shown.see("tests that pass", lambda text: " 1 test passed in " in text)
    finally:
        shutil.rmtree(tests.parent)


def test_another_size_is_drawn_anew(shown: Shown) -> None:
    try:
        shown.resize(120, 40)
        text = shown.see("40 lines", lambda text: "Ctrl-C" in text.split("\n")[-1])
        assert [len(text.split("\n")), len(text.split("\n")[0])] == [40, 120]
        shown.resize(40, 10)
        narrow = r"Prefect is at http://[\d.:]+\n[^\n]{1,40}\n(?s:.)*\n[^\n]+$"
        text = shown.see("10 lines", lambda text: re.match(narrow, text) is not None)
        assert len(text.split("\n")) == 10
    finally:
        shown.resize(80, 24)
    shown.see("24 lines", lambda text: "Ctrl-C" in text.split("\n")[-1])


def test_what_is_typed_does_not_tear_it(shown: Shown) -> None:
    shown.type("hello\n")
    time.sleep(1.5)
    assert "hello" not in shown.text


def test_colours_are_there(shown: Shown) -> None:
    assert shown.colors > {"default"}


def test_an_idle_table_costs_little(shown: Shown) -> None:
    """`benchmarks.development` measures it; this is against a mistake."""
    before = _seconds_of(shown.process.pid)
    time.sleep(5)
    assert _seconds_of(shown.process.pid) - before < 1.0


def _ctrl_c(shown: Shown) -> None:
    shown.type("\x03")


def _sigterm(shown: Shown) -> None:
    shown.process.terminate()


@pytest.mark.parametrize("end", [_ctrl_c, _sigterm])
def test_the_end_leaves_nothing_behind(
    end: Callable[[Shown], None], tmp_path: Path
) -> None:
    shown = Shown(tmp_path)
    shown.see("a deployment", lambda text: DEPLOYED.search(text) is not None)
    assert not shown.is_restored()
    shown.server.run("sleeping")
    asleep = tmp_path / "asleep"
    until("a run that sleeps", lambda: True if asleep.exists() else None)
    below = descendants(shown.process.pid)
    assert len(below) >= 3, "the server, the worker and a run"
    end(shown)
    assert shown.process.wait(60) == 0
    assert not any(map(lives, below))
    until("the last words", lambda: True if b"failed; Prefect" in shown.raw else None)
    assert shown.is_restored()
    assert b"Traceback" not in shown.raw
    shown.close()


# As somebody who is impatient: one signal after the other.
@pytest.mark.parametrize("seconds", [0.8, 1.2, 2.5])
def test_an_end_while_it_starts_leaves_nothing_behind(
    seconds: float, tmp_path: Path
) -> None:
    shown = Shown(tmp_path)
    until("the table", lambda: True if b"\x1b[?1049h" in shown.raw else None)
    # Size after size: it is drawn all the time.
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        shown.resize(80 + int(time.monotonic() * 100) % 9, 24)
        time.sleep(0.005)
    below = descendants(shown.process.pid)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        os.kill(shown.process.pid, number)
    assert shown.process.wait(60) == 0
    assert below
    assert not any(map(lives, below))
    until("the last words", lambda: True if b"failed; Prefect" in shown.raw else None)
    assert shown.is_restored()
    assert b"Traceback" not in shown.raw
    shown.close()


def test_ctrl_z_gives_the_terminal_back(tmp_path: Path) -> None:
    copy_project(tmp_path)
    script = (
        f'"{OTAC}" dev config.yml; echo "stopped with $?"; fg; echo "ended with $?"'
    )
    terminal = Terminal(["bash", "-m", "-c", script], tmp_path, 80, 24)
    until("the table", lambda: True if b"\x1b[?1049h" in terminal.raw else None)
    terminal.type("\x1a")
    until("the shell", lambda: True if b"stopped with 148" in terminal.raw else None)
    again = terminal.raw.index(b"stopped with")
    assert terminal.raw[:again].rfind(b"\x1b[?1049l") > terminal.raw.find(b"?1049h")
    until("a new table", lambda: True if b"?1049h" in terminal.raw[again:] else None)
    terminal.type("\x03")
    until("its end", lambda: True if b"ended with 0" in terminal.raw else None)
    assert terminal.is_restored()
    terminal.process.wait(60)
    terminal.close()


@pytest.mark.parametrize("options", [["--verbose"], ["--quiet"]])
def test_prefects_own_lines_and_a_table_do_not_go_together(
    options: list[str], tmp_path: Path
) -> None:
    copy_project(tmp_path)
    command: list[str | Path] = [OTAC, "dev", "config.yml", *options]
    terminal = Terminal(command, tmp_path, 80, 24)
    home = tmp_path / ".otac"
    until("a server", lambda: [*home.glob("*/server.json")] or None)
    terminal.process.terminate()
    assert terminal.process.wait(60) == 0
    assert b"\x1b[?" not in terminal.raw
    terminal.close()


def _seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
