"""Processes that end with the one that started them, and take along what they started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otac.local.descendants import descendants, lives
from otac.local.environment import embedded
from otac.local.process import Process
from otac.local.watch import Watch

# Starts a grandchild in a session of its own, and ignores what asks it to end.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
open("ready", "w").close()
time.sleep(600)
"""

OWNER = """
import os, sys, time
from pathlib import Path
from otac.local.process import Process
process = Process("sleeper", environment={**os.environ, "PYTHONPATH": "."}, folder=Path())
time.sleep(600)
"""


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 30
    while any(map(lives, pids)):
        assert time.monotonic() < deadline, [pid for pid in pids if lives(pid)]
        time.sleep(0.05)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_end_takes_along_what_a_process_started(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    others = descendants(os.getpid())
    with Process("stubborn", environment=environment, folder=tmp_path) as process:
        wait_for(tmp_path / "ready")
        below = [pid for pid in descendants(os.getpid()) if pid not in others]
        assert process.status is None
        process.end(grace_seconds=0.2)
        assert process.status == -signal.SIGKILL
    assert len(below) == 2
    assert not any(map(lives, below))


def test_a_process_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    (tmp_path / "sleeper.py").write_text(
        "import time\nopen('ready', 'w').close()\ntime.sleep(600)\n", encoding="utf-8"
    )
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=tmp_path)
    wait_for(tmp_path / "ready")
    below = descendants(owner.pid)
    assert len(below) == 1
    owner.kill()
    owner.wait()
    wait_until_gone(below)


def test_the_environment_leads_nowhere_else(tmp_path: Path) -> None:
    base = {
        "PATH": "/bin",
        "NO_PROXY": "example.com",
        "PREFECT_API_KEY": "k3y",
        "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql://db",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_PROFILE": "production",
        "PREFECT_TASKS_DEFAULT_RETRIES": "4",
    }
    environment = embedded(tmp_path, "http://127.0.0.1:4200/api", base)
    kept = {"PATH", "PREFECT_LOGGING_LEVEL", "PREFECT_TASKS_DEFAULT_RETRIES"}
    assert {name for name in base if environment.get(name) == base[name]} == kept
    assert environment["NO_PROXY"] == "example.com,127.0.0.1"
    assert environment["PREFECT_HOME"] == str(tmp_path)
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert "PREFECT_API_KEY" not in environment


@pytest.mark.parametrize("change", ["write", "touch", "remove", "create"])
def test_a_change_is_seen_once(change: str, tmp_path: Path) -> None:
    here, missing = tmp_path / "here.py", tmp_path / "missing.py"
    here.write_text("a", encoding="utf-8")
    watch = Watch([here, missing])
    assert not watch.changed()
    match change:
        case "write":
            here.write_text("ab", encoding="utf-8")
        case "touch":
            os.utime(here, (1, 1))
        case "remove":
            here.unlink()
        case "create":
            missing.touch()
    assert watch.changed()
    assert not watch.changed()


def test_a_change_before_more_is_watched_is_not_lost(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.touch()
    watch = Watch([one])
    one.write_text("changed", encoding="utf-8")
    watch.replace([one, other])
    assert watch.changed()
