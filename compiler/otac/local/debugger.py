"""`breakpoint()` in a component, on the terminal of whoever started the run.

The process that runs a flow has no terminal of its own, and what it reads is not typed by
anybody: Python's own debugger would wait there for ever, and `input()` with it.
"""

import os
import pdb  # noqa: T100
import sys
from bdb import BdbQuit
from pathlib import Path
from types import FrameType
from typing import Any

from otac.components import Fail

_NO_TERMINAL = "a breakpoint needs a terminal, and this run has none"


def debug_on(terminal: str | None) -> None:
    """From now on breakpoints open on this terminal; without one, they fail the step.

    PYTHONBREAKPOINT=0 switches them off, as ever.
    """

    def stop(*_: Any, header: str | None = None, **__: Any) -> None:
        if os.environ.get("PYTHONBREAKPOINT") == "0":
            return
        if terminal is None:
            raise Fail(f"{_NO_TERMINAL} ({_place(sys._getframe(1))})")
        debugger = _Debugger(terminal)
        if header is not None:
            debugger.message(header)
        debugger.set_trace(sys._getframe(1))

    sys.breakpointhook = pdb.set_trace = stop
    # Who asks something is told at once that nobody answers.
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115


class _Debugger(pdb.Pdb):
    """Python's debugger there; leaving it ends the step, without further attempts."""

    def __init__(self, terminal: str) -> None:
        # Not as the terminal of this process: Ctrl-C stays with the command.
        opened = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
        screen = os.fdopen(os.dup(opened), "w", buffering=1)
        super().__init__(stdin=os.fdopen(opened), stdout=screen, nosigint=True)

    def trace_dispatch(self, frame: FrameType, event: str, arg: Any) -> Any:
        try:
            return super().trace_dispatch(frame, event, arg)
        except BdbQuit:
            raise Fail("the debugger was left") from None


def _place(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
