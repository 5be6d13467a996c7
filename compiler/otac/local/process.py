"""A Python process that ends with otac, and everything it starts with it."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from otac.local.descendants import KILL, descendants, lives, send

_POLL_SECONDS = 0.05
# One that was killed is gone as soon as the operating system gets to it.
_KILLED_SECONDS = 5.0


class Process:
    """A module that runs in a process of its own.

    It has its own session: Ctrl-C in a terminal goes to every process of the terminal's,
    and what ends when, in which order, is decided here.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        folder: Path,
        stdout: IO[bytes] | int | None = None,
        stderr: IO[bytes] | int | None = None,
    ) -> None:
        """`stdout` and `stderr` are those of `subprocess.Popen`."""
        # -P: a module of the user's must not stand in for one of Prefect's.
        command = [sys.executable, "-P", "-m", "otac.local.leash", module, *arguments]
        self._popen = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def output(self) -> IO[bytes]:
        """What it writes, if it was started with a pipe."""
        assert self._popen.stdout is not None
        return self._popen.stdout

    @property
    def status(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._popen.poll()

    def wait(self) -> int:
        """Its exit status, as soon as it has one."""
        return self._popen.wait()

    def end(self, grace_seconds: float = 5.0) -> None:
        """End it and all that it started: ask, and after a while kill."""
        if self._popen.poll() is None:
            # The processes below it first: it is told how they ended.
            pids = [*descendants(self._popen.pid), self._popen.pid]
            send(pids, signal.SIGTERM)
            left = self._left(pids, grace_seconds)
            send(left, KILL)
            self._left(left, _KILLED_SECONDS)
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _left(self, pids: list[int], seconds: float) -> list[int]:
        """Those that still live after a while."""
        deadline = time.monotonic() + seconds
        while left := [pid for pid in pids if self._lives(pid)]:
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        return left

    def _lives(self, pid: int) -> bool:
        return self.status is None if pid == self._popen.pid else lives(pid)
