"""What a process costs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

OTAC = str(Path(sys.executable).parent / "otac")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall time in seconds, and the most memory in megabytes."""

    cpu: float
    wall: float
    memory: float


def cost(command: list[str], folder: Path, status: int = 0) -> Cost:
    """The cost of a command and of all that it starts; it must end with this status."""
    # A child of its own, so that `ru_maxrss` is this command's and not an earlier one's.
    script = (
        "import ctypes,json,os,resource,subprocess,sys,time\n"
        # PR_SET_CHILD_SUBREAPER: processes whose parent was ended first count as well.
        "ctypes.CDLL(None).prctl(36,1,0,0,0)\n"
        "start=time.perf_counter()\n"
        "done=subprocess.run(json.loads(sys.argv[1]),stdout=-3,stderr=-3)\n"
        "wall=time.perf_counter()-start\n"
        "try:\n"
        "    while os.waitpid(-1,os.WNOHANG)[0]: pass\n"
        "except ChildProcessError: pass\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([used.ru_utime+used.ru_stime,wall,"
        "used.ru_maxrss/1024,done.returncode]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(command)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    cpu, wall, memory, ended = json.loads(done.stdout)
    if ended != status:
        raise RuntimeError(f"{' '.join(command)} ended with {ended}")
    return Cost(cpu, wall, memory)


def _environment() -> dict[str, str]:
    """That of this process; compiled modules are kept between starts, as they usually are."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_COLOR": "1"}


def typical(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(one.cpu for one in costs),
        median(one.wall for one in costs),
        median(one.memory for one in costs),
    )
