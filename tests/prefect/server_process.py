"""A Prefect server on SQLite, and processes that talk to it."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError

from background import PATIENCE, Background, until
from otac.local.ports import free_port
from prefect_api import Api

_BIN = Path(sys.executable).parent


class Server(Api):
    """A server with a home of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        port = free_port()
        self.home = home
        super().__init__(f"http://127.0.0.1:{port}/api")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        self.environment = {
            **kept,
            **environment,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_HOME": str(home),
            "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
            # Prefect 3.4 would take the home of the one who runs the tests.
            "PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"),
            "PREFECT_API_URL": self.url,
            "PREFECT_CLI_COLORS": "false",
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
            # Else an hour ahead, and all of it anew whenever a deployment changes.
            "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "4",
        }
        self._server = self.start(
            home,
            "prefect",
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            f"{port}",
            # Each of several that begin at once would unpack it anew: before its newest
            # releases, Prefect fails then.
            "--no-ui",
        )

    def start(self, folder: Path, *command: str, **more: str) -> Background:
        """A command that goes on until it is ended; `more` is for its environment."""
        log = self.home / f"{'-'.join(command[:2])}.log"
        environment = self.environment | more
        return Background(self._found(command), folder, log, environment)

    def run(self, folder: Path, *command: str) -> str:
        """What a command prints; it must succeed."""
        done = subprocess.run(
            self._found(command),
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait(self) -> None:
        """Returns when it answers."""

        def healthy() -> bool | None:
            try:
                return bool(self.get("health")) or None
            except URLError:
                log = self.home / "prefect-server.log"
                assert self._server.status is None, log.read_text("utf-8")[-2000:]
                return None

        until("the server", healthy)

    def end(self) -> None:
        self._server.end()

    def _found(self, command: tuple[str, ...]) -> list[str]:
        return [str(_BIN / command[0]), *command[1:]]
