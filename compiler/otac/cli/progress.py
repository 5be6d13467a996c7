"""One line that tells how far something is; on a terminal only."""

import os
import time
from types import TracebackType
from typing import Self, TextIO

from otac.cli.terminal import colored
from otac.diagnostics.frame import visible

_SECONDS = 0.1
# What is over sooner needs no line.
_PATIENCE_SECONDS = 1.0
# So few are counted by nobody, however slow the machine is.
_FEW = 10
# An estimate from less would jump.
_MEASURED_SECONDS = 0.5


class Progress:
    """A line that is written over, and gone at the end."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        self._stream = stream
        self._shows = shows(stream) and not quiet
        self._start = time.monotonic()
        self._is_there = False
        self._last = 0.0
        self._what = ""
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """Take the line away."""
        if self._is_there:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._is_there = False

    def tell(self, text: str) -> None:
        """Replace the line."""
        if self._shows:
            self._stream.write(f"\r\x1b[K{visible(text)[:78]}\r")
            self._stream.flush()
            self._is_there = True

    def count(self, what: str, done: int, total: int) -> None:
        """`what: 300 of 5000, 12 s left`, not more often than an eye can follow.

        Nothing for what is done or is little, and nothing in the first second.
        """
        if not self._shows or total < _FEW:
            return
        now = time.monotonic()
        if what != self._what:
            self._what, self._since = what, now
        if done >= total:
            self.end()
            return
        if now - self._start < _PATIENCE_SECONDS or now - self._last < _SECONDS:
            return
        self._last = now
        passed = now - self._since
        left = ""
        if done and passed > _MEASURED_SECONDS:
            seconds = max(round(passed / done * (total - done)), 1)
            minutes = f"{seconds // 60} min" if seconds >= 120 else f"{seconds} s"
            left = f", {minutes} left"
        self.tell(f"{what}: {done} of {total}{left}")


def shows(stream: TextIO) -> bool:
    """Whether somebody looks on who can see a line that is written over."""
    return colored(stream.isatty()) and not os.environ.get("CI")
