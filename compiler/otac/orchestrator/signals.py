"""Ctrl-C and its like, while an event loop runs."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def asked_to_stop(stop: Callable[[], object]) -> Iterator[list[int]]:
    """Within this, SIGINT, SIGTERM and SIGHUP call `stop`; yields those that came.

    Only in the main thread: no other one is told.
    """
    came: list[int] = []
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        came.append(number)
        loop.call_soon_threadsafe(stop)

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            before[number] = signal.signal(number, handle)
        except ValueError:
            break
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
