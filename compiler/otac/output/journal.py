"""The note a build leaves for whoever finds it killed.

It lies in the staging folder. Under its first name nothing has been changed yet, or what
has been is to be undone; the second one says that everything is staged. A rename needs no
space, so that the way back stays open on a full disk.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

STAGING = ".otac-build"
_OPEN = "journal"
_READY = "journal.ready"


@dataclass(frozen=True, slots=True)
class Move:
    """A file that is replaced on its own: its path, and its digests before and after."""

    path: str
    old: str | None
    new: str | None

    def target(self, folder: Path) -> Path:
        return folder / self.path

    def staged(self, folder: Path) -> Path:
        """Where the new file waits: beside its place, and so on the same file system."""
        target = self.target(folder)
        return target.with_name(f".{target.name}.otac-new")

    def backup(self, folder: Path) -> Path:
        """Where the old file waits until the build is complete."""
        target = self.target(folder)
        return target.with_name(f".{target.name}.otac-old")


@dataclass(frozen=True, slots=True)
class Journal:
    """What a build is about to do.

    `tree` is the inode of the staged `generated` folder: once the folder of that name has
    it, the exchange has taken place. It is None where no folder is exchanged. `changed`
    are the paths that the staged folder does not carry over from the standing one.
    """

    tree: int | None
    changed: tuple[str, ...]
    moves: tuple[Move, ...]


def write(folder: Path, journal: Journal) -> Path:
    """Write it under its first name, whole or not at all; the path."""
    path = folder / STAGING / _OPEN
    draft = path.with_name("journal.draft")
    draft.write_text(json.dumps(asdict(journal)), encoding="utf-8")
    return draft.replace(path)


def set_ready(folder: Path, ready: bool) -> None:
    """Give it the one name or the other, whichever it has."""
    names = (_OPEN, _READY) if ready else (_READY, _OPEN)
    before, after = (folder / STAGING / name for name in names)
    if before.exists():
        before.replace(after)


def read(folder: Path) -> tuple[Journal, bool] | None:
    """The journal and whether it is ready; None where the build had not come so far."""
    for name, ready in ((_READY, True), (_OPEN, False)):
        path = folder / STAGING / name
        if path.exists():
            try:
                raw = json.loads(path.read_bytes())
            except ValueError:
                return None  # a power cut, before anything was moved
            moves = tuple(Move(**move) for move in raw["moves"])
            return Journal(raw["tree"], tuple(raw["changed"]), moves), ready
    return None


def remove(folder: Path) -> None:
    """Remove it under every name, and the folder it lay in."""
    staging = folder / STAGING
    for name in ("journal.draft", _OPEN, _READY):
        (staging / name).unlink(missing_ok=True)
    staging.rmdir()
