"""The embedded Prefect server."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.local.api import LocalApi
from otac.local.environment import embedded
from otac.local.home import Home
from otac.local.ports import HOST
from otac.local.process import Process

# It takes ten seconds from cold, several times that where a machine is busy.
_START_SECONDS = 240.0
_POLL_SECONDS = 0.1


class PrefectServer(Process):
    """A server on SQLite that only this machine can reach.

    Without `services` it answers requests and does nothing of its own accord: no
    schedules, no user interface.
    """

    def __init__(
        self, home: Home, port: int, output: IO[bytes] | int, *, services: bool
    ) -> None:
        self.url = f"http://{HOST}:{port}"
        self.api = LocalApi(f"{self.url}/api")
        self.environment = embedded(home.path, self.api.url)
        arguments = ["server", "start", "--host", HOST, "--port", str(port)]
        if not services:
            arguments += ["--no-ui", "--no-services"]
        super().__init__(
            "prefect",
            *arguments,
            environment=self.environment,
            # A `prefect.toml` or `.env` of the user's is not meant for this server.
            folder=home.path,
            stdout=output,
            stderr=output,
        )

    def wait_until_healthy(
        self, log: Path, meanwhile: Callable[[], None] = lambda: None
    ) -> Diagnostic | None:
        """Return when it answers; or say why it will not. Calls `meanwhile` all the time."""
        deadline = time.monotonic() + _START_SECONDS
        while not self.api.healthy():
            if self.status is not None:
                return _not_started("ended", log)
            if time.monotonic() > deadline:
                return _not_started(f"did not answer for {_START_SECONDS:g} s", log)
            meanwhile()
            time.sleep(_POLL_SECONDS)
        return None


def _not_started(what: str, log: Path) -> Diagnostic:
    return error(
        "OTC512",
        f"the embedded Prefect server {what}",
        help=f"`{log}` holds what it wrote",
    )
