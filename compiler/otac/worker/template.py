"""The template: a process that has imported what runs import, and forks them.

It has one thread, no event loop and no client of Prefect's, and looks whether that is so
before each fork: a lock that another thread holds would be held in the new process for
ever. It does nothing for a run but fork, and tell its client how it ended.
"""

import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from otac.worker import BEGAN
from otac.worker.ahead import certificates, complete_models, share_certificates
from otac.worker.client import COLD, ENDED, GO, READY
from otac.worker.preloaded import Preloaded
from otac.worker.surroundings import ClientSurroundings, settings

# What the first moments of a run import. In another release of Prefect some may not exist.
_MODULES = (
    "prefect",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.task_runners",
    "prefect.deployments.steps.core",
    "prefect.deployments.steps.pull",
    "prefect._internal.control_listener",
    "prefect._internal.metrics",
    "prefect.events.clients",
    "prefect.logging.handlers",
    "prefect.concurrency.context",
    "prefect.runner.storage",
    "prefect.results",
    "prefect.filesystems",
    "otac.runtime",
    "otac.components",
    "otac.runtime.alone",
    "otac.runtime.steptask",
    "anyio._backends._asyncio",
    "encodings.idna",
    "prefect.utilities.visualization",
    "pydantic.v1",
    "rich._emoji_codes",
    "websockets.asyncio.client",
    "websockets.legacy.client",
)
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
# A client sends its request at once.
_REQUEST_SECONDS = 30.0
_LARGEST_REQUEST = 64 << 20


@dataclass(frozen=True, slots=True)
class _Run:
    """A process that was forked, and the client that waits for it."""

    pid: int
    process: int
    client: socket.socket


def serve(
    keeper: socket.socket, address: str, preloaded: Preloaded | None = None
) -> bool:
    """Fork processes until the worker is gone; True in one of them, once it may begin.

    What is written to `keeper` is for the worker, and its end is the worker's end. In the
    template this does not return.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # It is told by its worker's end, and by nothing that goes to a whole group.
        signal.signal(number, signal.SIG_IGN)
    try:
        preloaded = preloaded or preload()
        # Not in the worker, which may outlive this file by months.
        share_certificates(certificates())
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"\0{address}")
        listener.listen(4096)
    except Exception as problem:  # noqa: BLE001 (it has no log of its own)
        _tell(keeper, f"failed: {type(problem).__name__}: {problem}")
        os._exit(1)
    template = _Template(keeper, listener, preloaded)
    late = preloaded.newer(BEGAN)
    if late is not None:
        template.retire(f"`{late}` was written while it was read")
    else:
        _tell(keeper, "ready")
    return template.serve()


@cache
def preload() -> Preloaded:
    """Import what runs import, and lay it where what is forked can share it.

    Kept for good: a run that let go of it would touch, and so copy, a page for each module.
    """
    for name in _MODULES:
        with suppress(ImportError):
            importlib.import_module(name)
    from prefect.settings import PREFECT_PROFILES_PATH

    complete_models()
    preloaded = Preloaded.now([str(PREFECT_PROFILES_PATH.value()), certificates()])
    gc.collect()
    # Pages that no collection touches stay shared with the processes that are forked.
    gc.freeze()
    return preloaded


def threads() -> int:
    """How many this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


class _Template:
    def __init__(
        self, keeper: socket.socket, listener: socket.socket, preloaded: Preloaded
    ) -> None:
        self._keeper = keeper
        self._listener: socket.socket | None = listener
        self._preloaded = preloaded
        self._names = preloaded.names
        self._settings = settings()
        self._runs: list[_Run] = []
        self._own = os.getpid()
        self._libc = ctypes.CDLL(None)
        # What `ps -o comm` and `top` show: one that was forked has the worker's command line.
        self._libc.prctl(_PR_SET_NAME, b"otac-template")
        self._deaf = False

    def serve(self) -> bool:
        """See the function of this name."""
        while self._listener is not None or self._runs:
            # Made anew each time: one of the kernel's would be shared with what is forked.
            poll = select.poll()
            if self._listener is not None:
                poll.register(self._listener, select.POLLIN)
                poll.register(self._keeper, select.POLLIN)
            for run in self._runs:
                poll.register(run.process, select.POLLIN)
                if run.client.fileno() >= 0:
                    poll.register(run.client, 0)
            happened = {descriptor for descriptor, _ in poll.poll()}
            for run in list(self._runs):
                if run.process in happened:
                    self._ended(run)
                elif run.client.fileno() in happened:
                    # The client was killed, and so would the run have been in its place.
                    with suppress(ProcessLookupError):
                        signal.pidfd_send_signal(run.process, signal.SIGKILL)
                    run.client.close()
            if self._listener is None:
                continue
            if self._keeper.fileno() in happened and not self._keeper.recv(64):
                # Runs go on without their worker, as they do when they started cold.
                self._close()
            elif self._listener.fileno() in happened and self._accept(self._listener):
                return True
        os._exit(0)

    def retire(self, reason: str) -> None:
        """Fork nothing more; ends with the last of the runs."""
        self._close()
        _tell(self._keeper, f"retired: {reason}")

    def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> bool:
        """Answer a client; True in the process that was forked for it."""
        try:
            client, _ = listener.accept()
        except OSError as problem:
            # Out of descriptors, for one: a moment later there may be some.
            if not self._deaf:
                _tell(self._keeper, f"cannot accept: {problem.strerror}")
            self._deaf = True
            time.sleep(0.1)
            return False
        if self._deaf:
            _tell(self._keeper, "accepts again: runs start warm")
        self._deaf = False
        whose = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        if struct.unpack("3i", whose)[1] != os.getuid():
            client.close()
            return False
        try:
            reason = self._unfit()
        except OSError as problem:
            # As above: this run does without it, those that it has forked go on.
            _answer(
                client, COLD + f"cannot look at itself: {problem.strerror}".encode()
            )
            client.close()
            return False
        if reason is not None:
            _answer(client, COLD + reason.encode())
            client.close()
            self.retire(reason)
            return False
        try:
            pid = os.fork()
        except OSError as problem:
            _answer(client, COLD + f"cannot fork: {problem.strerror}".encode())
            client.close()
            return False
        if pid == 0:
            self._become(client)
            return True
        try:
            process = os.pidfd_open(pid)
        except OSError as problem:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            _answer(client, COLD + f"no descriptor for it: {problem.strerror}".encode())
            client.close()
            return False
        client.setblocking(False)
        self._runs.append(_Run(pid, process, client))
        return False

    def _unfit(self) -> str | None:
        changed = self._preloaded.changed()
        if changed is not None:
            return f"`{changed}` has changed since it was loaded"
        count = threads()
        if count > 1:
            return f"the template has {count} threads"
        return None

    def _ended(self, run: _Run) -> None:
        _, status = os.waitpid(run.pid, 0)
        os.close(run.process)
        if run.client.fileno() >= 0:
            _answer(run.client, ENDED + str(status).encode())
            run.client.close()
        self._runs.remove(run)

    def _become(self, client: socket.socket) -> None:
        """In the new process: return once the client has said go, or end."""
        self._libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        self._libc.prctl(_PR_SET_NAME, b"otac-run")
        if os.getppid() != self._own:
            os._exit(1)
        self._keeper.close()
        self._close()
        for run in self._runs:
            os.close(run.process)
            run.client.close()
        try:
            surroundings, descriptors = _request(client)
            reason = surroundings.refusal(self._names, self._settings)
            if reason is not None:
                _answer(client, COLD + reason.encode())
                os._exit(0)
            own = os.pidfd_open(os.getpid())
            socket.send_fds(client, [READY], [own])
            os.close(own)
            if client.recv(len(GO)) != GO:
                os._exit(0)
            os.setsid()
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target)
                os.close(descriptor)
            client.close()
            surroundings.enter()
        except Exception:  # noqa: BLE001 (nothing of the template goes on here)
            # Before GO, the client starts the run itself; after it, it hears of this end.
            with suppress(OSError):
                traceback.print_exc()
                sys.stderr.flush()
            os._exit(1)


def _request(client: socket.socket) -> tuple[ClientSurroundings, list[int]]:
    """What the client asks for, and its standard descriptors."""
    client.settimeout(_REQUEST_SECONDS)
    head, descriptors, _, _ = socket.recv_fds(client, 8, 3)
    length = int.from_bytes(head, "big")
    if len(descriptors) != 3 or length > _LARGEST_REQUEST:
        raise ValueError("no request")
    heard = bytearray()
    while len(heard) < length:
        more = client.recv(min(1 << 20, length - len(heard)))
        if not more:
            raise ValueError("half a request")
        heard += more
    # 0 to 2 are taken here, so that none of these is one of them.
    return ClientSurroundings.read(bytes(heard)), descriptors


def _answer(client: socket.socket, message: bytes) -> None:
    with suppress(OSError):
        client.sendall(message)


def _tell(keeper: socket.socket, line: str) -> None:
    with suppress(OSError):
        keeper.sendall(f"{line.splitlines()[0]}\n".encode())
