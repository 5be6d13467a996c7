"""A production fleet: PostgreSQL, Redis, server, services and workers, each on its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from background import Background, until
from command import otac
from otac.local.descendants import descendants, lives
from otac.local.ports import free_port
from prefect_api import Api
from stores import Postgres, Redis, find_postgres, find_redis

POOL = "fleet"
WORKERS = ("north", "south")
# On two cores: more interpreters at once start no sooner.
_RUNS_AT_ONCE = 4
_BIN = Path(sys.executable).parent


class Fleet(Api):
    """Answers are waited for, also while the server is away."""

    def __init__(self, folder: Path) -> None:
        postgres, redis = find_postgres(), find_redis()
        self._folder = folder
        self._port = free_port()
        super().__init__(f"http://127.0.0.1:{self._port}/api")
        self._running: dict[str, Background] = {}
        self.postgres = Postgres(postgres, folder / "postgres")
        try:
            self.redis = Redis(redis, folder / "redis")
        except BaseException:
            self.postgres.end()
            raise

    def begin(self) -> None:
        """All but the workers."""
        upgrade = [_BIN / "prefect", "server", "database", "upgrade", "-y"]
        environment = self.server_environment
        subprocess.run(upgrade, env=environment, check=True, capture_output=True)
        self.start_server()
        self.start_services()

    def start_server(self) -> None:
        """Returns when it answers."""
        command = "server", "start", "--no-services", "--host", "127.0.0.1"
        self._start(
            "server", self.server_environment, *command, "--port", f"{self._port}"
        )
        self.get("health")
        assert self._running["server"].status is None

    def start_services(self) -> None:
        self._start("services", self.server_environment, "server", "services", "start")

    def start_worker(self, name: str) -> None:
        command = "worker", "start", "--pool", POOL, "--type", "process"
        limit = "--limit", f"{_RUNS_AT_ONCE}"
        self._start(name, self.client_environment, *command, "--name", name, *limit)

    def kill(self, name: str) -> set[str]:
        """With all that it started, as when a machine is lost; the flow runs among it."""
        runs = self.runs_of(name)
        process = self._running.pop(name)
        # A run has a session of its own, out of reach of a signal to the group.
        lost = set(descendants(process.pid))
        process.kill()
        while alive := {pid for pid in lost if lives(pid)}:
            for pid in alive:
                lost.update(descendants(pid))
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.05)
        return runs

    def end(self) -> None:
        for name in list(self._running):
            self.kill(name)
        self.redis.end()
        self.postgres.end()

    def runs_of(self, worker: str) -> set[str]:
        """The flow runs for which the worker has a process."""
        found = set()
        for pid in descendants(self._running[worker].pid):
            try:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            found.update(
                line.partition(b"=")[2].decode()
                for line in environment.split(b"\0")
                if line.startswith(b"PREFECT__FLOW_RUN_ID=")
            )
        return found

    def peak_memory(self) -> dict[str, int]:
        """MiB that each process has had at most."""
        processes = {name: one.pid for name, one in self._running.items()}
        processes |= {"redis": self.redis.pid}
        peaks = {}
        for name, pid in processes.items():
            text = Path(f"/proc/{pid}/status").read_text()
            line = next(one for one in text.splitlines() if one.startswith("VmHWM"))
            peaks[name] = int(line.split()[1]) // 1024
        return peaks

    def otac(self, folder: Path, *arguments: str) -> str:
        """What a command that must succeed prints."""
        done = otac(*arguments, cwd=folder, timeout=240, **self.client_environment)
        assert done.status == 0, done.err
        return done.out

    @property
    def client_environment(self) -> dict[str, str]:
        """What a worker has, and who deploys."""
        return {
            **_clean_environment(self._folder / "client"),
            "PREFECT_API_URL": self.url,
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            # By these, the server notices that a run is gone. The second is the older name.
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_RUNNER_HEARTBEAT_FREQUENCY": "30",
            # What the server answers while its database or Redis is away; else the run that
            # asked is lost.
            "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500",
        }

    @property
    def server_environment(self) -> dict[str, str]:
        return {
            **_clean_environment(self._folder / "server"),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": self.postgres.url,
            "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
            "PREFECT_SERVER_EVENTS_MESSAGING_BROKER": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_MESSAGING_CACHE": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
            "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
            "PREFECT_REDIS_MESSAGING_PORT": f"{self.redis.port}",
            "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{self.redis.port}/1",
        }

    def _start(self, name: str, environment: dict[str, str], *command: str) -> None:
        # A new file: what was said before a crash is kept.
        log = self._folder / f"{name}-{time.time_ns()}.log"
        words = [str(_BIN / "prefect"), *command]
        self._running[name] = Background(words, self._folder, log, environment)

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        ask = super()._ask

        def answer() -> tuple[Any] | None:
            try:
                return (ask(method, path, body),)
            except HTTPError as error:
                # What a server says whose database is away.
                if error.code < 500:
                    raise
            except (URLError, HTTPException, ConnectionError):
                pass
            return None

        return until(path, answer)[0]


def _clean_environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return {
        **kept,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"),
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
    }
