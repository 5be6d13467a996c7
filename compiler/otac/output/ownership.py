"""Whose file it is, and so what a build may do to it."""

import errno
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.output.lock import digest, normalised
from otac.plain_file import read_file


# What a build does to one file.
class FileAction(Enum):
    """The verb for it."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    """One file of the output folder, named by its POSIX path.

    `old` is what stands there, None where nothing does; `new` is what will stand there,
    None for a file that goes. An unchanged file may differ in its line ends.
    """

    path: str
    action: FileAction
    old: bytes | None
    new: bytes | None


def decide(
    folder: Path, path: str, new: bytes | None, known: str | None, force: bool
) -> Change | Diagnostic | None:
    """What to do so that `path` holds `new`, or is gone where `new` is None.

    `known` is the digest with which otac last wrote the file, None where it never did.
    Returns None where there is nothing to do and nothing to say.
    """
    try:
        old = read(folder / path)
    except IsADirectoryError:
        if new is None:
            return None  # ours is gone
        return error(
            "OTC402",
            f"`{path}` is a folder, and otac has to write a file of that name",
            help="move the folder away",
            file=path,
        )
    if old is None:
        return None if new is None else Change(path, FileAction.CREATE, None, new)
    if new is not None and normalised(old) == new:
        return Change(path, FileAction.UNCHANGED, old, new)
    ours = digest(old) == known and not (folder / path).is_symlink()
    if not ours and not force:
        return _foreign(path) if known is None else _edited(path, new)
    return Change(
        path, FileAction.REMOVE if new is None else FileAction.UPDATE, old, new
    )


def read(path: Path) -> bytes | None:
    """The content; None where nothing is. A link that leads nowhere is something."""
    try:
        return read_file(path)
    except FileNotFoundError:
        if path.is_symlink():
            nowhere = "the link leads nowhere"
            raise OSError(errno.ELOOP, nowhere, str(path)) from None
        return None


def linked(folder: Path, change: Change) -> Diagnostic | None:
    """What forbids replacing a file that is a link; the file it leads to is elsewhere."""
    if change.action is FileAction.UNCHANGED or not (folder / change.path).is_symlink():
        return None
    return error(
        "OTC402",
        f"`{change.path}` is a symbolic link, and otac writes no files through links",
        help="put the file itself there, "
        "or run `otac build --force` to replace the link by a file",
        file=change.path,
    )


def behind_a_link(path: str) -> Diagnostic:
    """For a file in a folder that a link leads out of the output folder."""
    parent = path.rpartition("/")[0]
    return error(
        "OTC402",
        f"`{parent}` leads out of the output folder by a symbolic link, "
        "and otac writes and removes nothing there",
        help="put a folder in place of the link, or run `otac build -o` with the folder "
        "that is meant",
        file=path,
    )


def _foreign(path: str) -> Diagnostic:
    return error(
        "OTC402",
        f"`{path}` exists already, and otac did not write it",
        help="move it away, or run `otac build --force` to overwrite it",
        file=path,
    )


def _edited(path: str, new: bytes | None) -> Diagnostic:
    gone = " and is no longer in the configuration" if new is None else ""
    act = "remove" if new is None else "overwrite"
    return error(
        "OTC401",
        f"`{path}` was edited by hand{gone}",
        help="move the change into the configuration, "
        f"or run `otac build --force` to {act} it",
        file=path,
    )
