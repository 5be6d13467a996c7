"""A terminal's other screen: drawn in place, and left as if nothing had been there."""

import os
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Self

# The other screen, no cursor, and nothing runs over at the right: a terminal may take a
# character for wider than we do.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
# Terminals that know this show a frame when it is complete.
_BEGIN, _END = "\x1b[?2026h\x1b[H", "\x1b[?2026l"
_WAIT_SECONDS = 1.0


class Screen:
    """The screen of the terminal behind a file descriptor, between entering and leaving.

    Windows has nothing of this; see `is_terminal`.
    """

    def __init__(self, descriptor: int) -> None:
        self._fd = descriptor
        self._is_entered = False
        self._modes: Any = None
        self._frame = ""
        self.is_stale = True
        self._is_to_stop = False
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if sys.platform != "win32":
            for number, handler in (
                (signal.SIGWINCH, self._resized),
                (signal.SIGTSTP, self._asked_to_stop),
            ):
                self._handlers[number] = signal.signal(number, handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        try:
            found = os.get_terminal_size(self._fd)
        except OSError:
            return 80, 24
        # A terminal that does not know says 0.
        return found.columns or 80, found.lines or 24

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines and nothing else; they must fit. In the background, nothing."""
        if self._is_to_stop:
            self._stop()
        if not self._is_in_front():
            return
        if not self._is_entered:
            self._enter()
        # Erased before it is written: behind the last character of a full line, the cursor
        # of a terminal stands on it, and would take it along.
        frame = "\r\n".join(f"\x1b[2K{line}" for line in lines)
        if len(lines) < self.size[1]:
            frame += "\r\n\x1b[J"
        if frame == self._frame and not self.is_stale:
            return
        self.is_stale = False
        self._write(f"{_BEGIN}{frame}{_END}")
        self._frame = frame

    def leave(self) -> None:
        """Back to what was there before; nothing interrupts that."""
        if not self._is_entered:
            return
        with _undisturbed():
            self._write(_LEAVE)
            self._is_entered = False
            self._restore_modes()

    def _enter(self) -> None:
        self._is_entered = self.is_stale = True
        self._write(_ENTER)
        if sys.platform != "win32":
            import termios

            with suppress(termios.error):
                self._modes = termios.tcgetattr(self._fd)
                quiet = termios.tcgetattr(self._fd)
                # What somebody types does not belong into the table.
                quiet[3] &= ~termios.ECHO
                termios.tcsetattr(self._fd, termios.TCSANOW, quiet)

    def _restore_modes(self) -> None:
        if sys.platform != "win32" and self._modes is not None:
            import termios

            with suppress(termios.error):
                # And not to the shell, either.
                termios.tcflush(self._fd, termios.TCIFLUSH)
                termios.tcsetattr(self._fd, termios.TCSANOW, self._modes)

    def _write(self, text: str) -> None:
        """All of it, past every buffer. A terminal that is gone has no reader."""
        data = text.encode("utf-8", errors="replace")
        while data:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                select.select([], [self._fd], [], _WAIT_SECONDS)
            except OSError:
                return

    def _is_in_front(self) -> bool:
        """Whether the terminal is ours now: a shell may have put us into the background."""
        if sys.platform == "win32":
            return True
        try:
            return os.tcgetpgrp(self._fd) == os.getpgrp()
        except OSError:
            # It is nobody's, as under some supervisors.
            return True

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self.is_stale = True

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        # Not here, perhaps in the middle of a frame.
        self._is_to_stop = self.is_stale = True

    def _stop(self) -> None:
        """Ctrl-Z: the shell gets its screen back, and we get a new one when we go on."""
        self._is_to_stop = False
        self.leave()
        if sys.platform != "win32":
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, self._asked_to_stop)


def is_terminal(descriptor: int) -> bool:
    """Whether one can draw there. Windows' own console is left to lines."""
    if sys.platform == "win32" or os.environ.get("TERM", "dumb") == "dumb":
        return False
    return os.isatty(descriptor)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait."""
    if sys.platform == "win32":
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
