"""What a run costs that starts warm, against the same run on Prefect's plain worker.

`nice python -m benchmarks.warm [RUNS [TURNS]]`; Linux alone. One server, on the database that
`PREFECT_SERVER_DATABASE_CONNECTION_URL` names or on SQLite, and the two workers one after the
other, in turns: what else the machine does falls on both. CPU is that of a worker and all that it has started; memory is the proportional set size.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.memory import ask, megabytes, process, run, until
from otac.local.descendants import descendants
from otac.local.ports import free_port

_BIN = Path(sys.executable).parent
_CONFIG = """\
services: {helpdesk: {use: SqliteTicketSystem, path: helpdesk.db}}
orchestrator:
  runners:
    - {pipe_id: plain, work_pool: plain, concurrency_limit: 100, pipe: {use: CheckEscalations}}
    - pipe_id: warm
      work_pool: warm
      concurrency_limit: 100
      job_variables: {command: otac-engine}
      pipe: {use: CheckEscalations}
    - {pipe_id: plain_stays, work_pool: plain, concurrency_limit: 100, pipe: {use: "slowly:wait"}}
    - pipe_id: warm_stays
      work_pool: warm
      concurrency_limit: 100
      job_variables: {command: otac-engine}
      pipe: {use: "slowly:wait"}
"""
# Longer than thirty plain runs take to start on two cores.
_SLOWLY = """\
import time


def wait() -> None:
    time.sleep(75)
"""
_AT_ONCE = 30
WORKERS = {
    "plain": ("prefect", "worker", "start", "--pool=plain"),
    "warm": ("otac", "worker", "start", "--pool=warm"),
}
_LIMIT = 8
DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"


@dataclass(frozen=True, slots=True)
class _Turn:
    """CPU in seconds a run, that of the server a run, runs a minute, seconds from Submitting to
    Running (median of runs one by one), megabytes idle and at most with thirty runs at once,
    seconds of CPU of a second when idle, kilobytes by which the database grows a run."""

    cpu: float
    server: float
    minute: float
    start: float
    idle: float
    most: float
    idle_cpu: float
    stored: float


def main() -> None:
    """Print each turn, and the ratios of their means."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    url = os.environ.get(DATABASE)
    turns: dict[str, list[_Turn]] = {name: [] for name in WORKERS}
    with tempfile.TemporaryDirectory() as name, served(Path(name), url) as server:
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 2):
            for kind in WORKERS:
                turns[kind].append(_turn(kind, count, Path(name), server))
                print(kind, turns[kind][-1], f"load {os.getloadavg()[0]:.1f}")
    print(f"{'PostgreSQL' if url else 'SQLite'}, {count} runs, limit {_LIMIT}")
    for what in _Turn.__slots__:
        warm, plain = (
            statistics.mean(getattr(turn, what) for turn in turns[kind])
            for kind in ("warm", "plain")
        )
        ratio = f"{warm / plain:.3f}" if plain else "-"
        print(f"{what:9} warm {warm:8.3f}  plain {plain:8.3f}  ratio {ratio}")
    cores = os.cpu_count() or 1
    for kind, made in turns.items():
        cost = statistics.mean(turn.cpu + turn.server for turn in made)
        minute = statistics.mean(turn.minute for turn in made)
        # Where worker, server and database share the cores: what a model says by CPU alone.
        print(
            f"{kind}: {cores} cores have CPU for {60 * cores / cost:.0f} runs a minute,"
            f" {minute / (60 * cores / cost):.0%} of them ended"
        )


@dataclass(frozen=True, slots=True)
class Server:
    """A server of Prefect's: its process, and the environment of those that ask it."""

    pid: int
    environment: dict[str, str]


@contextmanager
def served(folder: Path, url: str | None) -> Iterator[Server]:
    """One with the runners of `_CONFIG` deployed, on SQLite or the database of `url`."""
    with ExitStack() as stack:
        environment = _environment(folder, url)
        port = environment["PREFECT_API_URL"].rpartition(":")[2].partition("/")[0]
        command = ("prefect", "server", "start", "--port", port)
        pid = stack.enter_context(process(command, folder, environment))
        until(lambda: ask(f"{environment['PREFECT_API_URL']}/health"))
        (folder / "config.yml").write_text(_CONFIG)
        (folder / "slowly.py").write_text(_SLOWLY)
        run(("otac", "build", "config.yml"), folder, environment)
        deploy = ("otac", "deploy", "config.yml", "--yes", "--create-pools")
        run(deploy, folder, environment)
        yield Server(pid, environment)


def _turn(kind: str, count: int, folder: Path, server: Server) -> _Turn:
    environment = server.environment
    api = environment["PREFECT_API_URL"]
    with process(WORKERS[kind], folder, environment) as alone:
        time.sleep(20)
        idle, before = megabytes(alone), _cpu(alone)
        time.sleep(20)
        idle_cpu = (_cpu(alone) - before) / 20
        starts = [_started(api, _ended(api, [asked(api, kind)])[0]) for _ in range(5)]
        with highest(lambda: megabytes(alone), 1) as most:
            _ended(api, [asked(api, f"{kind}_stays") for _ in range(_AT_ONCE)])
    with process((*WORKERS[kind], f"--limit={_LIMIT}"), folder, environment) as limited:
        time.sleep(20)
        stored, server_before = _stored(environment), _cpu(server.pid)
        before, begin = _cpu(limited), time.monotonic()
        _ended(api, [asked(api, kind) for _ in range(count)])
        took = time.monotonic() - begin
        # The last processes are asked for a moment later.
        time.sleep(5)
        cpu = (_cpu(limited) - before - idle_cpu * took) / count
        # What its own services take meanwhile is a part of it.
        server_cpu = (_cpu(server.pid) - server_before) / count
        stored = (_stored(environment) - stored) / count
    return _Turn(
        cpu,
        server_cpu,
        60 * count / took,
        statistics.median(starts),
        idle,
        most[0],
        idle_cpu,
        stored,
    )


def _stored(environment: dict[str, str]) -> float:
    """Kilobytes of the pages that are in use."""
    if url := environment.get(DATABASE):
        return asyncio.run(_stored_by_postgres(url.replace("+asyncpg", "")))
    file = Path(environment["PREFECT_HOME"]) / "prefect.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return float((pages - free) * size / 1024)


async def _stored_by_postgres(url: str) -> float:
    connection = await asyncpg.connect(url)
    try:
        size: int = await connection.fetchval(
            "SELECT pg_database_size(current_database())"
        )
    finally:
        await connection.close()
    return size / 1024


def _cpu(root: int) -> float:
    """Seconds that it, and all that it has started and that has ended, have used."""
    total = 0
    for one in (root, *descendants(root)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def highest(measure: Callable[[], float], pause: float) -> Iterator[list[float]]:
    """The highest value so far, measured every `pause` seconds."""
    found, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(pause):
            found[0] = max(found[0], measure())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def asked(api: str, kind: str) -> str:
    """The id of a run that is wanted at once."""
    deployment = ask(f"{api}/deployments/name/{kind}/{kind}")["id"]
    state = {"state": {"type": "SCHEDULED"}}
    return str(ask(f"{api}/deployments/{deployment}/create_flow_run", state)["id"])


def _ended(api: str, runs: list[str]) -> list[str]:
    for one in runs:
        deadline = time.monotonic() + 900
        while (found := ask(f"{api}/flow_runs/{one}"))["state_type"] != "COMPLETED":
            assert found["state_type"] not in ("CRASHED", "FAILED"), found["state"]
            assert time.monotonic() < deadline, "the run does not end"
            time.sleep(0.5)
    return runs


def _started(api: str, flow_run: str) -> float:
    """Seconds from the worker's hand to the first line of the flow."""
    states: list[dict[str, Any]] = ask(f"{api}/flow_run_states/?flow_run_id={flow_run}")
    at = {one["name"]: datetime.fromisoformat(one["timestamp"]) for one in states}
    return (at["Running"] - at.get("Submitting", at["Pending"])).total_seconds()


def _environment(folder: Path, database: str | None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    url = {DATABASE: database} if database else {}
    return {
        **kept,
        **url,
        "PATH": f"{_BIN}{os.pathsep}{kept['PATH']}",
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_PROFILES_PATH": str(folder / "home" / "profiles.toml"),
        "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PYTHONTZPATH": "",
        "DO_NOT_TRACK": "1",
    }


if __name__ == "__main__":
    main()
