"""Processes that go on while a test looks at them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from otac.local.descendants import descendants

T = TypeVar("T")

# A busy machine is no defect.
PATIENCE = 240.0


def until(what: str, look: Callable[[], T | None], patience: float | None = None) -> T:
    """What `look` finds, as soon as it finds anything."""
    deadline = time.monotonic() + (patience or PATIENCE)
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"gave up waiting for {what}"
        time.sleep(0.2)
    return found


class Background:
    """A command that goes on, and all that it starts; what it writes is in a file."""

    def __init__(
        self, command: list[str], folder: Path, log: Path, environment: dict[str, str]
    ) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def send(self, number: int) -> None:
        """To the process alone, which need not end by it."""
        self._process.send_signal(number)

    def signal(self, number: int) -> None:
        """To the process alone; returns when it has ended."""
        self._process.send_signal(number)
        self._process.wait(60)

    def kill(self) -> None:
        """Leaves its processes no time for anything, as a machine that loses power."""
        # A worker starts each run in a session of its own.
        below = descendants(self._process.pid)
        os.killpg(self._process.pid, signal.SIGKILL)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(20)

    def end(self) -> None:
        """Ends its session: the process is the leader of one of its own."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None or number == signal.SIGKILL:
                try:
                    os.killpg(self._process.pid, number)
                except ProcessLookupError:
                    return
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                continue
