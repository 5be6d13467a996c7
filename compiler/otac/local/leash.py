"""Runs a module as `python -m` does, for as long as the process that started it lives.

That process holds the other end of standard input. If it is killed, nobody could tell its
children, and a server would be left behind. What it started itself ends with it.
"""

import os
import runpy
import signal
import sys
import threading
import time

from otac.local.descendants import KILL, descendants, lives, send

_GRACE_SECONDS = 10.0
_POLL_SECONDS = 0.1


def main() -> None:
    """Run the module that the first argument names, with the others."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    # Not `sys.stdin`: a thread that reads it holds a lock that Python's exit needs.
    while os.read(0, 1):
        pass
    # Those below first: this one is told how they ended, and the thread ends with it.
    below = descendants(os.getpid())
    send(below, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    while any(map(lives, below)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    send([pid for pid in below if lives(pid)], KILL)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    send(descendants(os.getpid()), KILL)
    os._exit(1)


if __name__ == "__main__":
    main()
