"""Signals that mean: stop, and leave nothing behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def _nothing(number: int, frame: FrameType | None) -> None:
    """In place of SIG_IGN: Python complains on stderr of a signal that had come before it,
    and the processes started from then on would inherit it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Within this, SIGTERM and SIGHUP do what Ctrl-C does: raise KeyboardInterrupt.

    Once: who is impatient must not interrupt the tidying up. SIGHUP comes when a terminal
    is closed; Windows has none.
    """
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]

    def interrupt(number: int, frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, _nothing)
        raise KeyboardInterrupt

    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
