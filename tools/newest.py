"""Whether requirements/newest.txt still holds what a plain install gets today.

usage: newest.py UV

Asks the package index that uv is set up for, and fails where it has a newer Prefect. Other
packages that have moved are named. Nothing is installed or written.
"""

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PINNED = _ROOT / "requirements" / "newest.txt"
_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
_TRACKED = "prefect"
# What uv says where it reaches no index.
_UNREACHED = re.compile(
    r"failed to fetch|sending request|connect|timed out|offline", re.IGNORECASE
)


def pins(text: str) -> dict[str, str]:
    """The versions by package, of lines such as `prefect==3.9.1`."""
    return {name.lower(): version for name, version in _PIN.findall(text)}


def verdict(pinned: dict[str, str], found: dict[str, str]) -> tuple[str, int]:
    """A sentence or two, and the exit status."""
    moved = [
        f"{name} {pinned[name]} -> {version}"
        for name, version in found.items()
        if name in pinned and pinned[name] != version and name != _TRACKED
    ]
    others = f" Also moved: {', '.join(moved)}." if moved else ""
    here, there = pinned.get(_TRACKED), found.get(_TRACKED)
    if there is None:
        return f"What the index resolves to names no {_TRACKED}.", 1
    if here != there:
        moved_on = f"A plain install gets {_TRACKED} {there} today"
        advice = (
            f"pin {there} in requirements/newest.txt and run the tests of both ends"
        )
        return f"{moved_on}, and {here} is pinned: {advice}.{others}", 1
    return f"{_TRACKED} {here} is what a plain install gets today.{others}", 0


def main(uv: str) -> int:
    """Ask and compare; 0 where nobody answers, for nothing is known then."""
    command = (uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate")
    options = ("--extra", "prefect", "--upgrade", "--refresh-package", _TRACKED)
    try:
        done = subprocess.run(
            [*command, *options, "pyproject.toml"],
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return unknown()
    if done.returncode != 0:
        # What uv says may hold addresses.
        if _UNREACHED.search(done.stderr):
            return unknown()
        print(
            "uv finds no set of packages that fits pyproject.toml: see `uv pip compile`."
        )
        return 1
    sentence, status = verdict(pins(_PINNED.read_text("utf-8")), pins(done.stdout))
    print(sentence)
    return status


def unknown() -> int:
    """Without an index there is nothing to compare, and no reason to fail."""
    print("The package index does not answer: whether Prefect has moved is not known.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
