"""What the operating system refused, as a diagnostic."""

import errno
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error

_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = tuple(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG")
    if hasattr(errno, name)
)
_MISPLACED = (
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
)


def environment(problem: OSError, folder: Path) -> Diagnostic:
    """The diagnostic for `problem`, met while reading or writing the output in `folder`.

    The operating system names no path when a write fails; then the folder is named.
    """
    place = _place(problem, folder)
    reason = problem.strerror or str(problem)
    if problem.errno in _DENIED:
        code, advice = "OTC501", "nothing was changed; allow writing there or use `-o`"
    elif problem.errno in _FULL:
        code, advice = "OTC502", "nothing was changed; free some space or use `-o`"
    elif problem.errno in _MISPLACED:
        code, advice = "OTC503", "nothing was changed; look at each part of that path"
    else:
        code, advice = "OTC504", "nothing was changed"
    return error(
        code,
        f"the operating system refused `{place}`: {reason[:1].lower()}{reason[1:]}",
        help=advice,
        file=place,
    )


def _place(problem: OSError, folder: Path) -> str:
    """The path, relative to the output folder where it lies below."""
    named = problem.filename2 or problem.filename
    if not isinstance(named, str):
        return folder.as_posix()
    try:
        inside = Path(named).relative_to(folder).as_posix()
    except ValueError:
        return Path(named).as_posix()
    return folder.as_posix() if inside == "." else inside
