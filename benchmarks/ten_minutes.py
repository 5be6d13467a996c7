"""Ten minutes of a runner that ticks twice a second: `python -m benchmarks.ten_minutes`.

Not one of the measurements of `make bench`: it takes as long as it says. Needs /proc.
"""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.resident import CONFIGURATION, SEED
from otac.components import Named, NewTicket, SqliteTicketSystem, TicketSearch

_TABLES = ("flow_run", "task_run", "log", "events")
_EVERY_SECONDS = 10.0


def main() -> None:
    """The argument is a number of minutes, 10 without one."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "helpdesk.yml").write_text(SEED, encoding="utf-8")
        otac = Path(sys.executable).with_name("otac")
        with (folder / "dev.log").open("wb") as log:
            development = subprocess.Popen(
                [otac, "dev", "config.yml"], cwd=folder, stdout=log, stderr=log
            )
        try:
            asyncio.run(_watch(folder, minutes))
        finally:
            begun = time.monotonic()
            development.send_signal(signal.SIGINT)
            development.wait()
            print(f"Ctrl-C: all ended after {time.monotonic() - begun:.1f} s")
        _report_windows(folder)


async def _watch(folder: Path, minutes: float) -> None:
    """A ticket every ten seconds in every other minute; prints a line a minute."""
    system = SqliteTicketSystem(
        path=str(folder / "helpdesk.db"), seed=str(folder / "helpdesk.yml")
    )
    while _database(folder) is None or not _processes(folder):
        await asyncio.sleep(0.5)
    print("| minute | tickets handled | seconds each | database, kB |", end="")
    print(f" {' | '.join(_TABLES)} | memory, MB |")
    print("|---|---|---|---|" + "---|" * len(_TABLES) + "---|")
    _line(folder, 0, [])
    begun = time.monotonic()
    for minute in range(1, round(minutes) + 1):
        waits: list[float] = []
        while time.monotonic() - begun < 60 * minute:
            if minute % 2 == 0 and time.monotonic() - begun < 60 * minute - 15:
                waits.append(await _one_ticket(system))
            await asyncio.sleep(_EVERY_SECONDS)
        _line(folder, minute, waits)


async def _one_ticket(system: SqliteTicketSystem) -> float:
    """Seconds from a ticket's creation until it was routed."""
    ticket = NewTicket(subject="Your invoice", queue=Named(name="Incoming"))
    await system.create(ticket)
    begun = time.monotonic()
    while await system.find(TicketSearch(queue=Named(name="Incoming"))):
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


def _line(folder: Path, minute: int, waits: list[float]) -> None:
    path = _database(folder)
    assert path is not None
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        free = database.execute("PRAGMA freelist_count").fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
        rows = [
            str(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in _TABLES
        ]
    memory = " + ".join(f"{_memory(pid):.0f}" for pid in _processes(folder))
    wait = f"{median(waits):.2f}" if waits else ""
    used = (pages - free) * size / 1024
    print(f"| {minute} | {len(waits)} | {wait} | {used:.0f} |", end="")
    print(f" {' | '.join(rows)} | {memory} |", flush=True)


def _report_windows(folder: Path) -> None:
    path = _database(folder)
    assert path is not None
    with closing(sqlite3.connect(path)) as database:
        for state, message in database.execute(
            "SELECT flow_run.state_name, message FROM flow_run"
            " JOIN flow_run_state ON flow_run_state.id = flow_run.state_id"
            " WHERE parent_task_run_id IS NULL AND flow_run.state_type != 'SCHEDULED'"
            " ORDER BY flow_run.start_time"
        ):
            print(f"window: {state}: {message}")


def _database(folder: Path) -> Path | None:
    return next(folder.glob(".otac/prefect-*/prefect.db"), None)


def _processes(folder: Path) -> list[int]:
    """Those of the flow's windows; two while one takes over."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
                here = (entry / "cwd").readlink()
            except OSError:
                continue
            if b"prefect.engine" in command and here == folder.resolve():
                found.append(int(entry.name))
    return found


def _memory(pid: int) -> float:
    """Resident memory in megabytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
