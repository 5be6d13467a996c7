"""One line that tells how far something is; on a terminal only."""

import time
from types import TracebackType
from typing import Self, TextIO

from otac.diagnostics.cells import visible

_SECONDS = 0.1


class Progress:
    """A line that is written over, and gone at the end."""

    def __init__(self, stream: TextIO, *, quiet: bool) -> None:
        self._stream = stream
        self._shows = stream.isatty() and not quiet
        self._last = 0.0

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
        if self._shows:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def tell(self, text: str) -> None:
        """Replace the line."""
        if self._shows:
            self._stream.write(f"\r\x1b[K{visible(text)[:78]}")
            self._stream.flush()

    def count(self, what: str, done: int, total: int) -> None:
        """`what: 300 of 5000`, not more often than an eye can follow."""
        if done < total and time.monotonic() - self._last < _SECONDS:
            return
        self._last = time.monotonic()
        self.tell(f"{what}: {done} of {total}")
