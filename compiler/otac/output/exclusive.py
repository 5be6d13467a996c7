"""One build of a folder at a time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Wait for every other otac that works in `folder`, and make later ones wait.

    The lock is the operating system's and dies with the process. It is on the folder
    itself, so that nothing is left behind; where folders cannot be locked (Windows,
    network file systems) it is on a file in the temporary folder.
    """
    descriptor = _lock_folder(folder)
    if descriptor is None:
        descriptor = _lock_file(folder)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock_folder(folder: Path) -> int | None:
    if sys.platform == "win32":
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _lock_file(folder: Path) -> int:
    from hashlib import sha256
    from tempfile import gettempdir

    # The same folder under another spelling must be the same lock.
    key = sha256(os.path.normcase(os.path.realpath(folder)).encode()).hexdigest()[:32]
    path = os.path.join(gettempdir(), f"otac-{key}.lock")  # noqa: PTH118
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return
    import errno
    import msvcrt

    while True:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        except OSError as problem:
            # LK_LOCK gives up after ten seconds; a large build may take longer.
            if problem.errno != errno.EDEADLOCK:
                raise
        else:
            return
