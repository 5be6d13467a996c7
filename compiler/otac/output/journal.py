"""The note a build leaves for whoever finds it killed.

It lies in the staging folder. Under its first name nothing has been changed yet, or what
has been is to be undone; the second one says that everything is staged. A rename needs no
space, so that the way back stays open on a full disk.
"""

import errno
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from otac.output.diagnostic_record import text
from otac.output.lock import STAGING, path_of_ours
from otac.plain_file import leads_out, read_file

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
                return _journal(json.loads(read_file(path)), folder), ready
            except (KeyError, TypeError, ValueError, RecursionError):
                # A power cut, before anything was moved; or none that a build has left.
                return None
    return None


def _journal(raw: Any, folder: Path) -> Journal:
    """Raises KeyError, TypeError or ValueError for what no build has written."""
    moves = tuple(
        Move(
            path_of_ours(text(move["path"])),
            _optional(move["old"]),
            _optional(move["new"]),
        )
        for move in raw["moves"]
    )
    if any(leads_out(folder, one.target(folder).parent) for one in moves):
        raise ValueError
    tree = raw["tree"]
    changed = tuple(path_of_ours(text(one)) for one in raw["changed"])
    return Journal(None if tree is None else int(tree), changed, moves)


def _optional(value: Any) -> str | None:
    return None if value is None else text(value)


def check_staging(folder: Path) -> None:
    """Raises OSError where the staging folder is a link: it would be cleared elsewhere."""
    if (folder / STAGING).is_symlink():
        link = "a build lies there, and it is a symbolic link"
        raise OSError(errno.ELOOP, link, str(folder / STAGING))


def remove(folder: Path) -> None:
    """Remove it under every name, and the folder it lay in."""
    staging = folder / STAGING
    for name in ("journal.draft", _OPEN, _READY):
        (staging / name).unlink(missing_ok=True)
    staging.rmdir()
