"""Whether files have changed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Stamp: TypeAlias = tuple[int, int] | None


class Watch:
    """Some files. They are asked for their times: that works on every file system."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._stamps: dict[Path, Stamp] = {}
        self.replace(paths)

    def replace(self, paths: Iterable[Path]) -> None:
        """Watch these from now on; what was watched before is compared as before."""
        known = self._stamps
        self._stamps = {
            path: known[path] if path in known else _stamp(path) for path in paths
        }

    def changed(self) -> bool:
        """Whether one of them is another than when this was last asked."""
        now = {path: _stamp(path) for path in self._stamps}
        changed = now != self._stamps
        self._stamps = now
        return changed


def _stamp(path: Path) -> Stamp:
    """Time and size; None for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
