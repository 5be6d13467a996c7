"""What a project holds: its files, no more of them than fits, and none from elsewhere.

Whatever lies in a project can come with somebody's change. A pipe would be waited for, a
device never ends, and of a file of many gigabytes nothing is left to say.
"""

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
"""Of one file: twice a configuration of 10,000 runners."""

_PORTION = 1024 * 1024


def read_file(path: str | Path, *, pipes: bool = False) -> bytes:
    """The content of a regular file of at most `MOST_BYTES`.

    With `pipes`, that of a pipe or device too, such as a shell's `<(...)`. Raises
    OSError, whose text says what is there in place of a file.
    """
    # Without waiting for somebody who writes into a pipe.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as problem:
        if problem.errno == errno.ENXIO:
            raise _refused("it is a socket and not a file", path) from None
        raise
    try:
        return _read(descriptor, path, pipes)
    finally:
        os.close(descriptor)


def leads_out(folder: str | Path, place: str | Path) -> bool:
    """Whether `place`, below `folder` by its name, lies elsewhere for a link on the way."""
    # Links are followed as far as there is something; the rest is a name.
    root, real = os.path.realpath(folder), os.path.realpath(place)
    return real != root and not real.startswith(os.path.join(root, ""))  # noqa: PTH118


def _read(descriptor: int, path: str | Path, pipes: bool) -> bytes:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        if not pipes:
            raise _refused("it is a pipe or a device and not a file", path)
        os.set_blocking(descriptor, True)
    elif status.st_size > MOST_BYTES:
        raise _too_large(path)
    portions: list[bytes] = []
    size = 0
    while portion := os.read(descriptor, max(_PORTION, status.st_size + 1)):
        portions.append(portion)
        size += len(portion)
        if size > MOST_BYTES:
            raise _too_large(path)
    return b"".join(portions)


def _too_large(path: str | Path) -> OSError:
    return _refused(f"it is larger than {MOST_BYTES // 2**20} MB", path)


def _refused(reason: str, path: str | Path) -> OSError:
    return OSError(errno.EINVAL, reason, str(path))
