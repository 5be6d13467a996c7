"""A Prefect server on SQLite, and processes that talk to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from otac.local.descendants import descendants

T = TypeVar("T")

# A busy machine is no defect.
PATIENCE = 240.0
_BIN = Path(sys.executable).parent
_FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def until(what: str, look: Callable[[], T | None]) -> T:
    """What `look` finds, as soon as it finds anything."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"gave up waiting for {what}"
        time.sleep(0.2)
    return found


class Background:
    """A command that goes on, and all that it starts; what it writes is in a file."""

    def __init__(
        self, command: list[str], folder: Path, log: Path, environment: dict[str, str]
    ) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Leaves its processes no time for anything, as a machine that loses power."""
        # A worker starts each run in a session of its own.
        below = descendants(self._process.pid)
        os.killpg(self._process.pid, signal.SIGKILL)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(20)

    def end(self) -> None:
        """Ends its session: the process is the leader of one of its own."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None or number == signal.SIGKILL:
                try:
                    os.killpg(self._process.pid, number)
                except ProcessLookupError:
                    return
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                continue


class Server:
    """A server with a home of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.home = home
        self.url = f"http://127.0.0.1:{port}/api"
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
                return None

        until("the server", healthy)

    def end(self) -> None:
        self._server.end()

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment, whose flow has the same name."""
        found: dict[str, Any] = self.get(f"deployments/name/{name}/{name}")
        return found

    def run_now(self, name: str) -> str:
        """Asks for a run and returns its id."""
        deployment = self.deployment(name)["id"]
        run = self.post(
            f"deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"}
        )
        return str(run["id"])

    def flow_runs(self, name: str) -> list[dict[str, Any]]:
        """The runs of a deployment, the earliest first."""
        found: list[dict[str, Any]] = self.post(
            "flow_runs/filter",
            deployments={"name": {"any_": [name]}},
            sort="EXPECTED_START_TIME_ASC",
        )
        return found

    def ended(self, run: str) -> dict[str, Any]:
        """A flow run, as soon as it is over."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get(f"flow_runs/{run}")
            return found if found["state_type"] in _FINAL else None

        return until(f"the end of flow run {run}", look)

    def task_runs(self, run: str, count: int) -> dict[str, dict[str, Any]]:
        """The task runs of a flow run that is over, by name; recorded a little later."""

        def look() -> dict[str, dict[str, Any]] | None:
            found = self.post("task_runs/filter", flow_runs={"id": {"any_": [run]}})
            assert len(found) <= count
            over = [one for one in found if one["state_type"] in _FINAL]
            return {one["name"]: one for one in over} if len(over) == count else None

        return until(f"{count} task runs of {run}", look)

    def _found(self, command: tuple[str, ...]) -> list[str]:
        return [str(_BIN / command[0]), *command[1:]]

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        data = None if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/{path}", data, head, method=method)

        def answer() -> tuple[Any] | None:
            try:
                with urlopen(request, timeout=60) as response:
                    text = response.read()
            except HTTPError as error:
                # SQLite lets one write at a time, and the server says so.
                if error.code == 503:
                    return None
                raise
            except TimeoutError:
                return None
            return (json.loads(text) if text else None,)

        return until(path, answer)[0]
