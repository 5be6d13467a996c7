"""A Python program of a user's, in a folder with a configuration."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from background import PATIENCE, until
from otac.local.descendants import descendants, lives


class Program:
    """It runs until it is asked to end, or ends by itself."""

    def __init__(self, folder: Path, text: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        (folder / "program.py").write_text(text, encoding="utf-8")
        self._log = folder / "program.log"
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "program.py"],
                cwd=folder,
                env=dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in [*self.below, self._process.pid]:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    @property
    def log(self) -> str:
        """All it has written."""
        return self._log.read_text(encoding="utf-8")

    @property
    def below(self) -> list[int]:
        return descendants(self._process.pid)

    def wait_for(self, text: str) -> None:
        """Wait until it has written this."""

        def look() -> bool | None:
            assert self._process.poll() is None or text in self.log, self.log
            return True if text in self.log else None

        until(text, look)

    def interrupt(self, number: int = signal.SIGINT) -> None:
        os.kill(self._process.pid, number)

    def ended(self) -> int:
        """Its exit status; nothing that it started is left."""
        below = self.below
        status = self._process.wait(PATIENCE)
        until("its processes", lambda: None if any(map(lives, below)) else True)
        return status
