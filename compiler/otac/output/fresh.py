"""The short cut for a build that would change nothing."""

import os
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic
from otac.output.inputs import Inputs, digest
from otac.output.journal import STAGING
from otac.output.lock import LOCK_PATH, Lock, decode
from otac.output.prefect_file import PREFECT_PATH
from otac.plain_file import read_file


def fresh(folder: Path, inputs: Inputs) -> tuple[Diagnostic, ...] | None:
    """The diagnostics of the last build, if the same build again would change nothing.

    None says that this is not known; then the configuration has to be compiled. Reads
    every file and no YAML.
    """
    root = os.fspath(folder)
    try:
        if os.path.lexists(f"{root}/{STAGING}"):
            return None  # a build is at work, or was killed: `plan` waits and clears up
        lock = decode(read_file(f"{root}/{LOCK_PATH}"))
        if not isinstance(lock, Lock) or lock.inputs != inputs.ordered():
            return None
        if digest(read_file(f"{root}/{PREFECT_PATH}")) != lock.shared.digest:
            return None
        for path, known in lock.files.items():
            if digest(read_file(f"{root}/{path}")) != known:
                return None
    except OSError:
        return None  # `plan` meets the same and says what it is
    return lock.diagnostics


def recorded(folder: Path) -> tuple[Diagnostic, ...]:
    """What the last build found; nothing where that is not known."""
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return ()
    return lock.diagnostics if isinstance(lock, Lock) else ()


# What the last build wrote.
def written(folder: Path) -> frozenset[str]:
    """The paths of otac's files in the output folder; none where no lock tells.

    Why it cannot be read is for `plan` to say.
    """
    try:
        lock = decode(read_file(folder / LOCK_PATH))
    except OSError:
        return frozenset()
    return frozenset(lock.files) if isinstance(lock, Lock) else frozenset()
