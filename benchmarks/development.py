"""What the table of `otac dev` costs, and how soon a save is live.

`python -m benchmarks.development`. Not one of the measurements of `make bench`: it starts a
server and then mostly waits. Needs /proc and a pseudo-terminal.
"""

import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

_RUNNERS = 10
_SAVES = 10
_IDLE_SECONDS = 60.0
_PATIENCE_SECONDS = 240.0


def main() -> None:
    """The argument is a number of runners, 10 without one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _RUNNERS
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "config.yml"
        config.write_text(_configuration(count, 3600, 0), encoding="utf-8")
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [Path(sys.executable).with_name("otac"), "dev", "config.yml"],
            cwd=name,
            env={**os.environ, "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        written = bytearray()
        threading.Thread(target=_read, args=(ours, written), daemon=True).start()
        try:
            _measure(config, count, process.pid, written)
        finally:
            begun = time.monotonic()
            process.terminate()
            process.wait()
            print(f"SIGTERM: all ended after {time.monotonic() - begun:.1f} s")


def _measure(config: Path, count: int, pid: int, written: bytearray) -> None:
    _until(lambda: b"deployed in" in written)
    found = re.search(rb"http://127\.0\.0\.1:\d+", written)
    assert found is not None
    url = f"{found[0].decode()}/api"
    # What is imported and planned at first is over.
    time.sleep(30)
    cpu, size = _cpu(pid), len(written)
    time.sleep(_IDLE_SECONDS)
    percent = 100 * (_cpu(pid) - cpu) / _IDLE_SECONDS
    drawn = (len(written) - size) / _IDLE_SECONDS / 1000
    print(f"{count} runners, idle: {percent:.2f} % of one core, {drawn:.1f} kB/s drawn")
    for changed in (1, count):
        waits = [_save(config, url, count, changed, n) for n in range(_SAVES)]
        listed = f"{min(waits):.2f} to {max(waits):.2f} s, median {median(waits):.2f} s"
        print(f"a save that changes {changed} is on the server after {listed}")


def _save(config: Path, url: str, count: int, changed: int, number: int) -> float:
    """Seconds until the last of the runners that change is what was saved."""
    seconds = 3601 + 100 * changed + number
    config.write_text(_configuration(count, seconds, changed), encoding="utf-8")
    begun = time.monotonic()
    _until(lambda: _interval(url) == seconds)
    waited = time.monotonic() - begun
    time.sleep(1)
    return waited


def _configuration(count: int, seconds: int, changed: int) -> str:
    """The last runners of so many have that interval. None is due soon."""
    runners = "".join(
        f"    - pipe_id: runner_{number:03}\n"
        f"      interval_seconds: {seconds if number >= count - changed else 3600}\n"
        '      pipe: {use: Expression, expression: "{{ 1 }}"}\n'
        for number in range(count)
    )
    return f"orchestrator:\n  runners:\n{runners}"


def _interval(url: str) -> float:
    """That of the runner that is deployed last."""
    body: dict[str, Any] = {"sort": "NAME_DESC", "limit": 1}
    request = Request(
        f"{url}/deployments/filter",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        (found,) = json.load(answer)
    return float(found["schedules"][0]["schedule"]["interval"])


def _until(look: Any) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            sys.exit("gave up waiting")
        time.sleep(0.02)


def _read(terminal: int, written: bytearray) -> None:
    while True:
        try:
            written += os.read(terminal, 65536)
        except OSError:
            return


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
