"""The worker's side of its template: starts it, and starts another when it is gone."""

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from otac.worker import program
from otac.worker.client import ADDRESS
from otac.worker.surroundings import settings
from otac.worker.template import preload, serve, threads

# One that ends as soon as it has begun would do so again.
_LEAST_SECONDS = 1.0
_MOST_SECONDS = 60.0


class Keeper:
    """Keeps a template for the runs of this process, until this process ends.

    Its socket is a name in the kernel and no file: nothing is left of it when the worker is
    killed, and nothing of a full disk is in its way.
    """

    def __init__(self) -> None:
        self._address = f"otac-{os.getuid()}-{secrets.token_hex(16)}"
        # Those that have been retired end with the last of their runs.
        self._templates: set[int] = set()

    def start(self) -> bool:
        """Start one, and tell the runs of this process where it is.

        The first is forked from this process, before it is a worker: what both import lies
        in memory once. True in a run that is forked from it; see `serve`.
        """
        os.environ[ADDRESS] = self._address
        first: _Template | None = None
        try:
            preloaded = preload()
            if threads() == 1:
                ours, theirs = socket.socketpair()
                pid = os.fork()
                if pid == 0:
                    ours.close()
                    _enter_nowhere()
                    return serve(theirs, self._address, preloaded)
                theirs.close()
                first = _Template(pid, ours, partial(_status, pid))
        except Exception as problem:  # noqa: BLE001 (one that is started says what is wrong)
            _say(f"no template could be forked: {type(problem).__name__}: {problem}")
        threading.Thread(
            target=self._keep, args=(first,), name="otac-template", daemon=True
        ).start()
        return False

    def pids(self) -> frozenset[int]:
        """The templates that live."""
        return frozenset(self._templates)

    def _keep(self, first: "_Template | None") -> None:
        pause = _LEAST_SECONDS
        while True:
            began = time.monotonic()
            try:
                self._attend(first or self._started())
                first = None
            except OSError as problem:
                _say(f"no template could be started: {problem.strerror or problem}")
            lived = time.monotonic() - began
            pause = (
                _LEAST_SECONDS
                if lived > _MOST_SECONDS
                else min(2 * pause, _MOST_SECONDS)
            )
            time.sleep(max(0.0, pause - lived))

    def _started(self) -> "_Template":
        """One of its own: from a process that has threads, none may be forked."""
        ours, theirs = socket.socketpair()
        with theirs:
            template = subprocess.Popen(
                program("template", str(theirs.fileno()), self._address),
                pass_fds=[theirs.fileno()],
                # What the runs' own are like when Prefect starts them: no terminal.
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # What Prefect's worker gives to a run.
                env={**settings(), **os.environ},
                # Where no settings of Prefect's lie.
                cwd="/",
            )
        return _Template(template.pid, ours, template.wait)

    def _attend(self, template: "_Template") -> None:
        """Tell what it says; return when it takes no more runs."""
        self._templates.add(template.pid)
        with template.control as control:
            for line in control.makefile(encoding="utf-8", errors="replace"):
                what, _, reason = line.strip().partition(": ")
                if what == "ready":
                    _say("runs start warm")
                elif what == "retired":
                    _say(f"another template is started: {reason}")
                    # It holds its end for as long as its runs go on.
                    threading.Thread(
                        target=self._end, args=(template,), daemon=True
                    ).start()
                    return
                else:
                    _say(f"the template {what}: {reason}")
        status = self._end(template)
        _say(f"the template ended with status {status}; another one is started")

    def _end(self, template: "_Template") -> int:
        status = template.wait()
        self._templates.discard(template.pid)
        return status


@dataclass(frozen=True, slots=True)
class _Template:
    """A template; `control` is what it says, `wait` returns its exit status."""

    pid: int
    control: socket.socket
    wait: Callable[[], int]


def _status(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _enter_nowhere() -> None:
    """What one that is started is given: see there."""
    given = {**settings(), **os.environ}
    os.environ.clear()
    os.environ.update(given)
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _say(what: str) -> None:
    # A full disk under the worker's log is no reason to keep no template.
    with suppress(OSError):
        print(f"otac: {what}", file=sys.stderr, flush=True)
