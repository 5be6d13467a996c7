"""From the old output to the new one, or back: never something between.

`complete` and `undo` look at what is there before each move, so that either can be called
again after it was killed. Whoever calls holds the exclusive lock.
"""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from otac.output import journal
from otac.output.durable import persist_folder
from otac.output.journal import Journal, Move
from otac.output.lock import STAGING, digest
from otac.output.staging import GENERATED
from otac.output.swap import exchange
from otac.plain_file import read_file


def complete(folder: Path, note: Journal) -> None:
    """Put everything staged in its place: the folder in one system call, then the rest.

    A file that somebody has changed since it was planned for keeps the change.
    """
    staged, standing = folder / STAGING / GENERATED, folder / GENERATED
    moves = [one for one in note.moves if _digest_of(one.target(folder)) == one.old]
    for move in moves:
        _back_up(folder, move)
    # From here to the last move a kill leaves the rest to `recover`.
    if note.tree is not None and not has_swapped(folder, note):
        if standing.exists():
            exchange(str(staged), str(standing))
        else:
            staged.rename(standing)
    for move in moves:
        if move.new is None:
            move.target(folder).unlink(missing_ok=True)
        elif move.staged(folder).exists():
            move.staged(folder).replace(move.target(folder))
    for parent in {move.target(folder).parent for move in note.moves} | {folder}:
        if parent.exists():
            persist_folder(parent)


def undo(folder: Path, note: Journal) -> None:
    """Put everything back that `complete` has moved."""
    for move in note.moves:
        target, backup = move.target(folder), move.backup(folder)
        standing = _digest_of(target)
        if standing != move.new:
            continue  # not done, or changed by somebody since
        if move.old is not None and _digest_of(backup) == move.old:
            backup.replace(target)
        elif move.old is None and not move.staged(folder).exists():
            target.unlink()
    if has_swapped(folder, note):
        staged, standing_folder = folder / STAGING / GENERATED, folder / GENERATED
        if staged.exists():
            exchange(str(staged), str(standing_folder))
        else:
            standing_folder.rename(staged)


def sweep(folder: Path, note: Journal) -> None:
    """Remove what is left beside the output, the journal last."""
    for move in note.moves:
        move.staged(folder).unlink(missing_ok=True)
        move.backup(folder).unlink(missing_ok=True)
        if not move.target(folder).exists():
            _remove_empty(move.target(folder).parent, folder)
    heir = folder / GENERATED if has_swapped(folder, note) else None
    _clear(folder / STAGING / GENERATED, heir, f"{GENERATED}/", note.changed)
    journal.remove(folder)


def recover(folder: Path) -> None:
    """Finish what a killed build had begun to change, or remove what it had staged."""
    journal.check_staging(folder)
    if not (folder / STAGING).exists():
        return
    found = journal.read(folder)
    if found is None:
        _clear(folder / STAGING / GENERATED, None, "", ())
        journal.remove(folder)
        return
    note, ready = found
    if ready and (note.tree is None or has_swapped(folder, note)):
        complete(folder, note)
    else:
        undo(folder, note)
    sweep(folder, note)


def has_swapped(folder: Path, note: Journal) -> bool:
    """Whether `generated` is the folder that was staged."""
    standing = folder / GENERATED
    return standing.exists() and standing.stat().st_ino == note.tree


def _back_up(folder: Path, move: Move) -> None:
    """Keep the old file for `undo`; a broken copy is told by its digest there."""
    if move.old is None:
        return
    target, backup = move.target(folder), move.backup(folder)
    backup.unlink(missing_ok=True)
    try:
        backup.hardlink_to(target)
    except OSError:  # a file system without hard links
        backup.write_bytes(target.read_bytes())


def _digest_of(path: Path) -> str | None:
    return digest(read_file(path)) if path.exists() else None


def _clear(old: Path, heir: Path | None, prefix: str, changed: Collection[str]) -> None:
    """Remove the folder `old`.

    Where `heir` took its place, a file that was made or saved anew between the staging
    and the exchange, by an editor or as a bytecode cache, moves there.
    """
    if old.is_symlink():
        old.unlink()  # what it leads to is somebody's
    if not old.exists():
        return
    for path in old.iterdir():
        twin = None if heir is None else heir / path.name
        if path.is_dir() and not path.is_symlink():
            _clear(path, twin, f"{prefix}{path.name}/", changed)
        elif twin is None or f"{prefix}{path.name}" in changed or _same(path, twin):
            path.unlink()
        else:
            twin.parent.mkdir(parents=True, exist_ok=True)
            path.replace(twin)
    old.rmdir()


def _same(path: Path, twin: Path) -> bool:
    """Whether it is the file that was carried over, under both of its names."""
    try:
        return path.lstat().st_ino == twin.lstat().st_ino
    except FileNotFoundError:
        return False


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove the folder and those above it, up to `root`, as far as they are empty."""
    while folder != root:
        with suppress(OSError):
            folder.rmdir()
        folder = folder.parent
