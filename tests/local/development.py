"""`otac dev` as somebody has it in a terminal."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from background import until
from command import OTAC, without_times
from prefect_api import Api

# The last line of what it says when it has deployed something.
DEPLOYED = "Ctrl-C ends all of it."


class Server:
    """Prefect's, at an address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._api = Api(f"{url}/api")

    def deployments(self) -> dict[str, Any]:
        return {one["name"]: one for one in self._api.post("deployments/filter")}

    def run(self, runner: str) -> None:
        """Have the worker run it, as a schedule would."""
        identifier = self.deployments()[runner]["id"]
        self._api.post(f"deployments/{identifier}/create_flow_run")


class Development:
    """An `otac dev` that runs in the background."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: list[str] = []
        self._process = subprocess.Popen(
            [OTAC, "dev", "config.yml"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def text(self) -> str:
        """All it has written so far, without the varying parts."""
        text = without_times("".join(self._lines))
        text = re.sub(r"http://127\.0\.0\.1:\d+", "URL", text)
        return re.sub(r"^\d\d:\d\d:\d\d", "TIME", text, flags=re.MULTILINE)

    @property
    def url(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(self._lines))
        assert found is not None
        return found[0]

    @property
    def server(self) -> Server:
        return Server(self.url)

    def deployments(self) -> dict[str, Any]:
        return self.server.deployments()

    def wait_for(self, text: str, count: int = 1) -> None:
        """Wait until it has written the text so many times."""

        def look() -> bool | None:
            assert self._process.poll() is None, self.text
            return True if self.text.count(text) >= count else None

        until(text, look)

    @contextmanager
    def edited(self, name: str, old: str, new: str) -> Iterator[None]:
        """Within this, a file of the project says something else. Both are deployed."""
        path = self.folder / name
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new), encoding="utf-8")
        try:
            yield
        finally:
            deployed = self.text.count(DEPLOYED)
            path.write_text(before, encoding="utf-8")
            self.wait_for(DEPLOYED, deployed + 1)

    def end(self, number: int = signal.SIGINT) -> int:
        """Its exit status after a signal."""
        if self._process.poll() is None:
            os.kill(self.pid, number)
        return self._process.wait(60)

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)


def copy_project(folder: Path) -> None:
    """The configuration and the components beside this file."""
    for name in ("config.yml", "acme.py"):
        shutil.copy(Path(__file__).with_name(name), folder)
