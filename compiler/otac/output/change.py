"""What a build does to one file."""

from dataclasses import dataclass
from enum import Enum


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
