"""A real Chromium, asked over its debugging protocol."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from background import until

_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--remote-debugging-port=0"),
)
# Of the whole page: a busy machine takes its time.
_SECONDS = 120.0


class Tab:
    """A page that is open."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._count = 0
        self._session = ""

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers."""
        self._count += 1
        asked = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        self._connection.send(json.dumps(asked))
        while True:
            answer = json.loads(self._connection.recv(timeout=_SECONDS))
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def attach(self) -> None:
        """To a new, empty page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        answer = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = answer["sessionId"]

    def close_all(self) -> None:
        """End the browser, which no page of it can be asked for."""
        self._session = ""
        self.call("Browser.close")

    def show(self, address: str, width: int, *, dark: bool = False) -> None:
        """Load a page into a window so wide."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        # A new fragment alone loads nothing.
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        until(
            address,
            lambda: (
                self.value(
                    "location.protocol === 'file:' && document.readyState === 'complete'"
                )
                or None
            ),
        )

    def value(self, expression: str) -> Any:
        """What a line of JavaScript comes to."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """A key, down and up."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if (key, kind) == ("Enter", "keyDown") else {}
            code = {"Tab": 9, "Enter": 13, "ArrowUp": 38, "ArrowDown": 40}[key]
            self.call(
                "Input.dispatchKeyEvent",
                **{"type": kind, "key": key, "windowsVirtualKeyCode": code, **text},
            )


@contextmanager
def browser(program: str, folder: Path) -> Iterator[Tab]:
    """Ends with the block."""
    profile = folder / "profile"
    process = subprocess.Popen(
        [program, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port, path = until(
            "the browser's port", lambda: _address(profile / "DevToolsActivePort")
        )
        url = f"ws://127.0.0.1:{port}{path}"
        with connect(url, max_size=None, proxy=None) as connection:
            tab = Tab(connection)
            tab.attach()
            yield tab
            tab.close_all()
    finally:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(file: Path) -> list[str] | None:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return lines if len(lines) == 2 else None
