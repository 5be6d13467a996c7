"""Exchanging two folders in one system call."""

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

_NOT_HERE = (
    errno.EINVAL,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EXDEV,
    errno.EBUSY,
)
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
# For C libraries that have no `renameat2` (musl); the numbers are the kernel's.
_SYSCALL = {"x86_64": 316, "aarch64": 276}


class Unsupported(Exception):
    """This platform or file system cannot do it; nothing was changed."""


def exchange(one: str, other: str) -> None:
    """Let the two folders change names. Raises Unsupported, or OSError."""
    if sys.platform == "win32":
        raise Unsupported
    import ctypes  # only for builds that write

    libc = ctypes.CDLL(None, use_errno=True)
    if _call(libc, os.fsencode(one), os.fsencode(other)) == 0:
        return
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        raise Unsupported
    raise OSError(number, os.strerror(number), one, None, other)


def _call(libc: "ctypes.CDLL", one: bytes, other: bytes) -> int:
    from ctypes import c_int, c_long, c_uint

    if sys.platform == "darwin":
        return int(libc.renamex_np(one, other, c_uint(_RENAME_SWAP)))
    folder, flag = c_int(_AT_FDCWD), c_uint(_RENAME_EXCHANGE)
    if hasattr(libc, "renameat2"):
        return int(libc.renameat2(folder, one, folder, other, flag))
    number = _SYSCALL.get(os.uname().machine) if sys.maxsize > 2**32 else None
    if number is None:
        raise Unsupported
    return int(libc.syscall(c_long(number), folder, one, folder, other, flag))
