"""What the last build wrote."""

from pathlib import Path

from otac.output.lock import LOCK_PATH, Lock, decode
from otac.plain_file import read_file


def written(folder: Path) -> frozenset[str]:
    """The paths of otac's files in the output folder; none where no lock tells.

    Why it cannot be read is for `plan` to say.
    """
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return frozenset()
    return frozenset(lock.files) if isinstance(lock, Lock) else frozenset()
