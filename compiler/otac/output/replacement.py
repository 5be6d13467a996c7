"""One file of the user's in place of another, all or nothing."""

import errno
import os
from pathlib import Path

from otac.output.durable import persist, persist_folder
from otac.plain_file import leads_out


def replace_file(path: Path, content: bytes) -> None:
    """Write a file; whoever reads it sees the old content or the new one.

    A link stays a link, and permissions stay. Raises OSError, and then nothing has
    changed; also for a link out of the file's folder, which somebody else may have put
    there.
    """
    if path.exists() and not path.is_file():
        # A device or a pipe, such as `/dev/stdout`, which is a link as well.
        path.write_bytes(content)
        return
    if path.is_symlink() and leads_out(path.parent, path):
        link = "the symbolic link leads out of its folder"
        raise OSError(errno.ELOOP, link, str(path))
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.otac")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        persist([beside])
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    persist_folder(target.parent)
