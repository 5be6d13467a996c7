"""What the template has loaded, and whether that is still what lies on the disk."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

# A file system counts in ticks of a few milliseconds.
_TICK_NS = 20_000_000

Mark: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Preloaded:
    """Files and folders, and what they were when they were read.

    A folder of `sys.path` is one of them: a package that is installed, removed or replaced
    changes it, and with it what an import finds.
    """

    marks: Mapping[str, Mark | None]

    @classmethod
    def now(cls, more: Iterable[str] = ()) -> "Preloaded":
        """All modules that are loaded, the folders they come from, and `more` files."""
        paths = {path for path in sys.path if path}
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str):
                paths.add(file)
        return cls({path: _mark(path) for path in sorted({*paths, *more})})

    def changed(self) -> str | None:
        """One that is not what it was."""
        for path, mark in self.marks.items():
            if _mark(path) != mark:
                return path
        return None

    def newer(self, than_ns: int) -> str | None:
        """A file that was written since: what was read of it may be older or newer."""
        for path, mark in self.marks.items():
            if (
                mark is not None
                and mark[0] > than_ns - _TICK_NS
                and Path(path).is_file()
            ):
                return path
        return None

    @property
    def names(self) -> frozenset[str]:
        """The modules that an import would not look for any more, without their parents."""
        return frozenset(name.partition(".")[0] for name in sys.modules)


def _mark(path: str) -> Mark | None:
    """None where there is nothing."""
    try:
        # Two thousand of them for each run: not the time for objects.
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
