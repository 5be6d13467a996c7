"""The worker's side of its template: starts it, and starts another when it is gone."""

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from otac.worker.client import ADDRESS
from otac.worker.surroundings import settings

_PROGRAM = Path(__file__).with_name("__main__.py")
# One that ends as soon as it has begun would do so again.
_LEAST_SECONDS = 1.0
_MOST_SECONDS = 60.0


def template_command(control: int, address: str) -> list[str]:
    """The template as a program. Its folder must not be where it looks for modules."""
    code = "import runpy, sys; del sys.path[0]; runpy.run_module('otac.worker', run_name='__main__')"
    return [sys.executable, "-c", code, "template", str(control), address]


class Keeper:
    """Keeps a template for the runs of this process, until this process ends.

    Its socket is a name in the kernel and no file: nothing is left of it when the worker is
    killed, and nothing of a full disk is in its way.
    """

    def __init__(self) -> None:
        self._address = f"otac-{os.getuid()}-{secrets.token_hex(16)}"
        # Those that have been retired end with the last of their runs.
        self._templates: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start one, and tell the runs of this process where it is."""
        os.environ[ADDRESS] = self._address
        threading.Thread(target=self._keep, name="otac-template", daemon=True).start()

    def pids(self) -> frozenset[int]:
        """The templates that live."""
        return frozenset(one.pid for one in self._templates if one.poll() is None)

    def _keep(self) -> None:
        pause = _LEAST_SECONDS
        while True:
            began = time.monotonic()
            try:
                self._one()
            except OSError as problem:
                _say(f"no template could be started: {problem.strerror or problem}")
            lived = time.monotonic() - began
            pause = (
                _LEAST_SECONDS
                if lived > _MOST_SECONDS
                else min(2 * pause, _MOST_SECONDS)
            )
            time.sleep(max(0.0, pause - lived))

    def _one(self) -> None:
        """Start one; return when it takes no more runs."""
        self._templates = [one for one in self._templates if one.poll() is None]
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                template = subprocess.Popen(
                    template_command(theirs.fileno(), self._address),
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
            self._templates.append(template)
            lines = ours.makefile(encoding="utf-8", errors="replace")
            for line in lines:
                what, _, reason = line.strip().partition(": ")
                if what == "ready":
                    _say("runs start warm")
                elif what == "retired":
                    _say(f"another template is started: {reason}")
                    # It holds its end for as long as its runs go on.
                    threading.Thread(target=template.wait, daemon=True).start()
                    return
                else:
                    _say(f"the template {what}: {reason}")
        status = template.wait()
        _say(f"the template ended with status {status}; another one is started")


def _say(what: str) -> None:
    # A full disk under the worker's log is no reason to keep no template.
    with suppress(OSError):
        print(f"otac: {what}", file=sys.stderr, flush=True)
