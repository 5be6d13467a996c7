"""Compiling: start-up against `prefect --version`, size against PyYAML's C loader."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.large_configuration import large_configuration
from benchmarks.process import Cost, cost, typical
from benchmarks.row import Row

_ROUNDS = 5
_ROOT = Path(__file__).parents[1]
_BIN = Path(sys.executable).parent
_LOAD = (
    "import time,yaml\n"
    "text=open('config.yml','rb').read()\n"
    "yaml.load(text,Loader=yaml.CSafeLoader)"
)


def compiling(folder: Path) -> list[Row]:
    """Peers and otac take turns, so that a slow minute of the machine slows both."""
    return [*_start_up(folder / "guide"), *_large(folder / "large")]


def _start_up(folder: Path) -> list[Row]:
    folder.mkdir()
    shutil.copy(_ROOT / "config.yml", folder)
    otac, prefect = str(_BIN / "otac"), str(_BIN / "prefect")
    peer, build, helped = _turns(
        lambda: cost([prefect, "--version"], folder),
        lambda: _cold(folder, [otac, "build", "config.yml"]),
        lambda: cost([otac, "--help"], folder),
    )
    name = "`prefect --version`"
    return [
        Row(
            "cold build of the guide's example, wall",
            build.wall / peer.wall,
            0.15,
            name,
        ),
        Row("cold build of the guide's example, CPU", build.cpu / peer.cpu, 0.15, name),
        Row("`otac --help`, wall", helped.wall / peer.wall, 0.06, name),
    ]


def _large(folder: Path) -> list[Row]:
    folder.mkdir()
    (folder / "config.yml").write_text(large_configuration(1000), encoding="utf-8")
    otac = str(_BIN / "otac")
    peer, build, checked = _turns(
        lambda: cost([sys.executable, "-c", _LOAD], folder),
        lambda: _cold(folder, [otac, "build", "config.yml"]),
        lambda: cost([otac, "build", "config.yml", "--check"], folder),
    )
    name = "`yaml.load(..., CSafeLoader)` of the file"
    return [
        Row("build of 1,000 runners of 8 steps, CPU", build.cpu / peer.cpu, 2.0, name),
        Row("memory of that build", build.memory, 200.0, "", " MB"),
        Row(
            "unchanged `build --check` of them, CPU", checked.cpu / peer.cpu, 0.5, name
        ),
    ]


def _cold(folder: Path, command: list[str]) -> Cost:
    shutil.rmtree(folder / "generated", ignore_errors=True)
    (folder / "prefect.yaml").unlink(missing_ok=True)
    return cost(command, folder)


def _turns(*actions: Callable[[], Cost]) -> list[Cost]:
    """The typical cost of each action, measured in turns after one round to warm up."""
    for action in actions:
        action()
    rounds = [[action() for action in actions] for _ in range(_ROUNDS)]
    return [typical([costs[i] for costs in rounds]) for i in range(len(actions))]
