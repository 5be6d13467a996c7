"""Flows that do what flows do to their processes. Each notes in a file where it ran."""

import asyncio
import ctypes
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, suspend_flow_run, task

_FOLDER = Path(__file__).parent
CHANGED = 1


def note(name: str, **more: object) -> None:
    """A line beside this file, which is there at once."""
    found = {
        "run": str(runtime.flow_run.id or ""),
        "pid": os.getpid(),
        "parent": Path(f"/proc/{os.getppid()}/comm").read_text().strip(),
        **more,
    }
    with (_FOLDER / f"{name}.jsonl").open("a") as lines:
        lines.write(json.dumps(found) + "\n")


def cancelled(flow: Any, flow_run: Any, state: Any) -> None:
    (_FOLDER / f"{flow_run.id}.cancelled").touch()


def crashed(flow: Any, flow_run: Any, state: Any) -> None:
    (_FOLDER / f"{flow_run.id}.crashed").touch()


hooks: dict[str, Any] = {"on_cancellation": [cancelled], "on_crashed": [crashed]}


@task
def square(number: int) -> int:
    return number * number


@flow(log_prints=True)
def quick(lines: int = 3) -> int:
    note("quick", changed=CHANGED, level=os.environ.get("PREFECT_LOGGING_LEVEL"))
    for number in range(lines):
        print(f"line {number} of quick")
    get_run_logger().debug("a line for debugging")
    print("last line of quick")
    return sum(square.map(range(4)).result())


def ended(how: str) -> None:
    match how:
        case "exit":
            os._exit(3)
        case "sys.exit":
            sys.exit(5)
        case "segfault":
            ctypes.string_at(0)
        case "error":
            raise ValueError("as it was asked to")
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)


@flow(**hooks)
def ends(how: str) -> None:
    note("ends", how=how)
    ended(how)


@flow(**hooks)
def waits(seconds: float = 300) -> None:
    note("waits")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.1)


@flow(**hooks)
async def awaits(seconds: float = 300) -> None:
    note("awaits")
    await asyncio.sleep(seconds)


@flow(retries=1, retry_delay_seconds=1)
def retried() -> None:
    note("retried", attempt=runtime.flow_run.run_count)
    if runtime.flow_run.run_count == 1:
        raise ValueError("the first time")


def cube(number: int) -> int:
    return number**3


@flow
def many() -> None:
    """Processes and threads of its own, and what a process has changed for itself."""
    command = [sys.executable, "-c", "print(6 * 7)"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"42\n"
    # Not `fork`: Prefect has threads here, and a fork may inherit a lock that one of them
    # holds. A warm run on 3.4.20 stood still in one once; cold ones were not tried as often.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert list(pool.map(cube, range(3))) == [0, 1, 8]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(cube, range(3))) == [0, 1, 8]
    assert square.map(range(12)).result()[-1] == 121
    os.chdir("/")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    os.umask(0o777)
    os.environ.clear()
    threading.Thread(target=time.sleep, args=(0.1,)).start()


@flow
def lingers() -> None:
    """Leaves a process behind that holds nothing of it and goes on for a while."""
    command = [sys.executable, "-c", "import time; time.sleep(20)"]
    nothing = subprocess.DEVNULL
    subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)
    note("lingers")


@flow
def forks() -> None:
    """Has a copy of itself, and neither of the two ends."""
    child = os.fork()
    if child == 0:
        while True:
            time.sleep(1)
    note("forks", child=child)
    time.sleep(600)


@flow(persist_result=True)
def suspends() -> None:
    if runtime.flow_run.run_count == 1:
        suspend_flow_run(timeout=600)
    note("suspends")


@flow
def stubborn() -> None:
    """Does not end when it is asked to."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("stubborn")
    time.sleep(300)
