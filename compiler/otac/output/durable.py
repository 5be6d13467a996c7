"""Making sure that what was written survives a power cut."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

# A thousand files: 0.2 s one by one, 0.01 s as a file system. For a few files the other
# way round, because a file system may have other things to write.
_FEW = 16


def persist(files: Sequence[Path]) -> None:
    """Bring the files and the folders they lie in to the disk."""
    if not files or (len(files) > _FEW and _persist_file_system(files[0])):
        return
    for file in files:
        _sync(file)
    for folder in {file.parent for file in files}:
        persist_folder(folder)


def persist_folder(folder: Path) -> None:
    """Bring renames within the folder to the disk, where folders can be opened."""
    if sys.platform != "win32":
        _sync(folder)


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing; elsewhere a file may be read-only.
    mode = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    descriptor = os.open(path, mode)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _persist_file_system(path: Path) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes  # only for builds that write much

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return bool(syncfs(descriptor) == 0)
    finally:
        os.close(descriptor)
