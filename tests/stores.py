"""PostgreSQL and Redis, as processes of these tests."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from background import Background, until
from otac.local.ports import free_port

_FIND = Path(__file__).parents[1] / "tools" / "find-stores"
_USER = "postgres"


class NotHere(Exception):
    """Why there is no PostgreSQL or no Redis to be had."""


def find_postgres() -> Path:
    """The folder of PostgreSQL's programs; raises `NotHere`."""
    return _find("postgresql")


def find_redis() -> Path:
    """Redis's server; raises `NotHere`."""
    return _find("redis-server")


def _find(name: str) -> Path:
    done = subprocess.run([_FIND, name], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotHere(done.stderr.strip())
    return Path(done.stdout.strip())


class Postgres:
    """A cluster in a new folder, with one database, `prefect`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        # It refuses to be root.
        self._prefix: list[str] = []
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, _USER)
            change = f"setpriv --reuid={_USER} --regid={_USER} --clear-groups"
            self._prefix = [*change.split()]
        self._run(
            "initdb", f"--pgdata={self._data}", "--username=prefect", "--encoding=UTF8",
            "--locale=C.UTF-8", "--auth=trust", "--no-sync",
        )  # fmt: skip
        self.start()
        self._run("createdb", *self._address, "prefect")

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://prefect@127.0.0.1:{self._port}/prefect"

    def start(self) -> None:
        """Returns when it answers."""
        self._process = Background(
            [
                *self._prefix,
                str(self._programs / "postgres"),
                "-D",
                str(self._data),
                "-k",
                str(self._folder),
                "-p",
                str(self._port),
                "-c",
                "listen_addresses=127.0.0.1",
            ],
            self._folder,
            _log(self._folder, "postgres"),
            dict(os.environ),
        )
        until("PostgreSQL", lambda: self._is_ready() or None)

    def crash(self) -> None:
        """At once, so that the next start has to recover."""
        self._process.signal(signal.SIGQUIT)

    def end(self) -> None:
        # SIGTERM would wait for those who are connected.
        self._process.signal(signal.SIGINT)

    @property
    def _address(self) -> list[str]:
        return [f"--host={self._folder}", f"--port={self._port}", "--username=prefect"]

    def sql(self, text: str) -> str:
        """What `psql` prints, as the superuser."""
        done = subprocess.run(
            [
                str(self._programs / "psql"),
                *self._address,
                "--dbname=prefect",
                "--no-align",
                "--tuples-only",
                "--quiet",
                f"--command={text}",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def asks_for_passwords(self) -> Iterator[None]:
        """Of everybody who comes over the network."""
        file = self._data / "pg_hba.conf"
        before = file.read_text()
        file.write_text("local all all trust\nhost all all all scram-sha-256\n")
        self.sql("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            file.write_text(before)
            self.sql("SELECT pg_reload_conf()")

    def freeze(self, application: str, *, thaw: bool = False) -> list[int]:
        """Stops those who serve the connections of an application, or lets them go on."""
        pids = self.sql(
            f"SELECT pid FROM pg_stat_activity WHERE application_name = '{application}'"
        ).split()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGCONT if thaw else signal.SIGSTOP)
        return [int(pid) for pid in pids]

    def _is_ready(self) -> bool:
        assert self._process.status is None, _tail(self._folder)
        ask = [self._programs / "pg_isready", *self._address, "--quiet"]
        return subprocess.run(ask, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._prefix, str(self._programs / program), *arguments]
        done = subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


class Redis:
    """With what docker compose gives it: a file that every command is appended to."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        folder.mkdir()
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        """Returns when it answers."""
        self._process = Background(
            [
                str(self._program),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self._folder),
                "--appendonly",
                "yes",
            ],
            self._folder,
            _log(self._folder, "redis"),
            dict(os.environ),
        )
        until("Redis", lambda: self._is_ready() or None)

    def crash(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.end()

    def _is_ready(self) -> bool:
        assert self._process.status is None, _tail(self._folder)
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _log(folder: Path, name: str) -> Path:
    """A new file: what was said before a crash is kept."""
    return folder / f"{name}-{time.time_ns()}.log"


def _tail(folder: Path) -> str:
    return max(folder.glob("*.log")).read_text(errors="replace")[-2000:]
