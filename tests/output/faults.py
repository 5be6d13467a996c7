"""Letting one file-system call of a build go wrong, in a process of its own."""

import io
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from otac.output import swap

_WRITING = (
    "chmod",
    "link",
    "mkdir",
    "rename",
    "replace",
    "rmdir",
    "symlink",
    "unlink",
    "utime",
)
_READING = ("fsync", "open", "scandir")


def intercept(before: Callable[[int, str], None], reading: bool = True) -> None:
    """Call `before` with a running number and the call's name before each call.

    `reading` calls can fail too; a kill before one is a kill before the next write. The
    calls stay intercepted: for a process that ends soon.
    """
    count = 0

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            if reading or name != "open" or "r" not in arguments[1]:
                count += 1
                before(count, f"{name} {arguments[0] if arguments else ''}")
            return real(*arguments, **named)

        return call

    for name in (*_WRITING, *_READING) if reading else _WRITING:
        setattr(os, name, wrap(name, getattr(os, name)))
    io.open = wrap("open", io.open)  # type: ignore[assignment]
    swap._call = wrap("exchange", swap._call)


def kill() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a fork; its exit status, or the negative signal that ended it."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
