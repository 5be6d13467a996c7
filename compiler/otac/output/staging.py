"""Putting the new output beside the old one, where nobody sees it."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from otac.output import journal
from otac.output.durable import persist
from otac.output.journal import Journal, Move
from otac.output.lock import STAGING, digest
from otac.output.ownership import Change
from otac.output.swap import Unsupported
from otac.progress import each

GENERATED = "generated"
_CANNOT_CARRY = (
    errno.EPERM,
    errno.EACCES,
    errno.EXDEV,
    errno.EMLINK,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
)


def stage(folder: Path, changes: Sequence[Change], as_folder: bool) -> Journal:
    """Stage the changes and the journal; nothing the user sees is touched.

    With `as_folder`, `generated` is staged as a whole, to be exchanged in one system
    call; what has not changed and what otac did not write are carried over as hard links,
    so that they stay the same files. Raises Unsupported where that does not work here.
    """
    inside = [one for one in changes if as_folder and _in_generated(one.path)]
    singly = [one for one in changes if not (as_folder and _in_generated(one.path))]
    staged: list[Path] = []
    tree = None
    if inside:
        staged += _stage_folder(folder, inside)
        tree = (folder / STAGING / GENERATED).stat().st_ino
    note = Journal(
        tree,
        tuple(one.path for one in inside),
        tuple(Move(one.path, _digest(one.old), _digest(one.new)) for one in singly),
    )
    staged.append(journal.write(folder, note))
    for one, move in zip(singly, note.moves, strict=True):
        if one.new is not None:
            target = move.target(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.append(_write(move.staged(folder), one.new, target))
    persist(staged)
    return note


def _stage_folder(folder: Path, changes: Sequence[Change]) -> list[Path]:
    standing, staged = folder / GENERATED, folder / STAGING / GENERATED
    for parent in {parent for one in changes for parent in Path(one.path).parents}:
        if (folder / parent).is_symlink() and parent.parts:
            raise Unsupported  # its target would be written, not a copy
    if standing.exists():
        gone = {one.path for one in changes if one.new is None}
        anew = {one.path for one in changes} - gone
        device = folder.stat().st_dev
        try:
            _carry(standing, staged, f"{GENERATED}/", gone, anew, device)
        except OSError as problem:
            if problem.errno in _CANNOT_CARRY:
                raise Unsupported from problem
            raise
    written = []
    for one in each("writing files", changes):
        if one.new is not None:
            path = folder / STAGING / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(_write(path, one.new, folder / one.path))
    return written


def _carry(
    source: Path, target: Path, prefix: str, gone: set[str], anew: set[str], device: int
) -> bool:
    """Link what is to stay; False, and no folder, where nothing of it stays."""
    status = source.stat()
    if status.st_dev != device or not os.access(source, os.W_OK):
        raise Unsupported  # a mount, or a folder that could not be removed afterwards
    target.mkdir()
    with os.scandir(source) as scan:
        entries = list(scan)
    stays = not entries  # a folder that was empty before is somebody's
    for entry in entries:
        path, copy = prefix + entry.name, target / entry.name
        if path in gone:
            continue
        if path in anew:
            stays = True
        elif entry.is_symlink():
            copy.symlink_to(Path(entry.path).readlink())
            stays = True
        elif entry.is_dir():
            below = _carry(Path(entry.path), copy, f"{path}/", gone, anew, device)
            stays = below or stays
        else:
            copy.hardlink_to(entry.path)
            stays = True
    if not stays:
        target.rmdir()
        return False
    target.chmod(status.st_mode & 0o7777)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    return True


def _write(path: Path, content: bytes, like: Path) -> Path:
    """Write a new file, with the permissions of the one it will replace."""
    with path.open("xb") as file:
        file.write(content)
    if like.exists():
        path.chmod(like.stat().st_mode & 0o7777)
    return path


def _in_generated(path: str) -> bool:
    return path.startswith(f"{GENERATED}/")


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)
