"""A terminal for a command, with a screen that one can read."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyte

from background import PATIENCE, until


def on_a_terminal(
    command: list[str | Path], folder: Path, answer: str = "", **environment: str
) -> tuple[int, str]:
    """The status of a command, and all that it writes to a terminal as its standard error.

    The `answer` is typed to each question that ends in `[y/N] `.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                shown += os.read(ours, 65536).decode("utf-8", "replace")
            except OSError:
                break
            if answer and shown.endswith("[y/N] "):
                os.write(ours, answer.encode())
        elif process.poll() is not None:
            break
    os.close(ours)
    return process.wait(60), shown


class Screen(pyte.Screen):
    """Stands on the last character of a full line, as terminals do (xterm, tmux)."""

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        self._step_back()
        super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        self._step_back()
        super().erase_in_display(how, *args, **kwargs)

    def _step_back(self) -> None:
        self.cursor.x = min(self.cursor.x, self.columns - 1)


class Terminal:
    """A command as somebody has it in a terminal that understands xterm's language."""

    def __init__(
        self, command: list[str | Path], folder: Path, columns: int, lines: int
    ) -> None:
        self._ours, self._theirs = pty.openpty()
        self.raw = b""
        self._screen = Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._size(columns, lines)
        self.modes = self._modes()
        # The other end stays open here, too: its modes are asked for afterwards.
        self.process = subprocess.Popen(
            # The leader of a session that opens a terminal has it as its own: Ctrl-C works.
            ["sh", "-c", f'exec "$@" <{os.ttyname(self._theirs)}', "sh", *command],
            cwd=folder,
            # Somebody looks on here, also where CI runs the tests.
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "", "CI": ""},
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def text(self) -> str:
        """What the screen shows now."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def colors(self) -> set[str]:
        """The colours of what the screen shows."""
        with self._lock:
            rows = self._screen.buffer.values()
            return {cell.fg for row in rows for cell in row.values()}

    def wait_for(self, *texts: str) -> str:
        """The screen, as soon as all of it is there at once."""

        def look() -> str | None:
            assert self.process.poll() is None, self.text
            shown = self.text
            return shown if all(text in shown for text in texts) else None

        return until(f"{texts} on the screen:\n{self.text}", look)

    def see(self, what: str, look: Callable[[str], bool]) -> str:
        """The screen, as soon as it is so."""

        def found() -> str | None:
            shown = self.text
            return shown if look(shown) else None

        return until(what, found)

    def resize(self, columns: int, lines: int) -> None:
        """The kernel tells the command."""
        with self._lock:
            self._screen.resize(lines, columns)
        self._size(columns, lines)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def is_restored(self) -> bool:
        """Whether the terminal is as it was: its modes, its screen, its cursor."""
        pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"))
        return self._modes() == self.modes and all(
            self.raw.rfind(back) > self.raw.rfind(there)
            for there, back in (*pairs, (b"\x1b[?7l", b"\x1b[?7h"))
        )

    def close(self) -> None:
        os.close(self._theirs)
        os.close(self._ours)

    def _modes(self) -> list[Any]:
        return termios.tcgetattr(self._theirs)

    def _size(self, columns: int, lines: int) -> None:
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._ours, 65536)
            except OSError:
                return
            with self._lock:
                self.raw += data
                self._stream.feed(data)
