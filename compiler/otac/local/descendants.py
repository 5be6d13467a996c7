"""The processes below a process.

Prefect's worker starts each run in a session of its own, out of reach of a signal to the
worker's group, and leaves it behind when it is killed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """Ids of all children; none where they cannot be listed."""
    return [child for child, parent in _parents().items() if parent == pid]


def descendants(pid: int) -> list[int]:
    """Ids of all children, their children and so on; none where they cannot be listed."""
    children_of: dict[int, list[int]] = {}
    for child, parent in _parents().items():
        children_of.setdefault(parent, []).append(child)
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children_of.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def lives(pid: int) -> bool:
    """Whether the process runs; one that has ended and nobody has asked for does not."""
    if _PROC.joinpath("self").exists():
        fields = _stat(pid)
        return fields is not None and fields[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(pids: Iterable[int], number: int) -> None:
    """Send a signal to each of them that still runs."""
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


def _parents() -> Mapping[int, int]:
    """The parent of each process."""
    if sys.platform == "win32":
        # A process that is terminated there takes its children along by other means.
        return {}
    if _PROC.joinpath("self").exists():
        return dict(_parents_of_proc())
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False
    )
    pairs = (line.split() for line in listed.stdout.splitlines())
    return {int(pid): int(parent) for pid, parent in pairs}


def _parents_of_proc() -> Iterator[tuple[int, int]]:
    for folder in _PROC.iterdir():
        name = folder.name
        if name.isdigit() and (fields := _stat(int(name))) is not None:
            yield int(name), int(fields[1])


def _stat(pid: int) -> list[str] | None:
    """The fields of `/proc/PID/stat` behind the command's name: state, parent, ..."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name is in brackets and may hold some itself.
    return text.rpartition(")")[2].split()
