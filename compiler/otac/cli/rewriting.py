"""A configuration in place of another: as a difference to look at, or in its file."""

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path

from otac.cli.configuration import Configuration
from otac.cli.terminal import colored
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.plain_file import read_file
from otac.source.secrets import concealed
from otac.source.source_text import SourceText


def show_change(configuration: Configuration, new: bytes) -> None:
    """Print what is different; nothing where only bytes behind the text are.

    Credentials cannot be read in it.
    """
    from otac.output.diff import diff_of

    title = configuration.title
    old, new = (
        concealed(SourceText.decode(title, data).text).encode("utf-8", "surrogatepass")
        for data in (configuration.data, new)
    )
    if old != new:
        colour = colored(sys.stdout.isatty())
        sys.stdout.write(diff_of(title, old, new, colour=colour))


def write_file(path: Path, data: bytes) -> Diagnostic | None:
    """Write a file of the user's, all or nothing."""
    from otac.output.environment import environment
    from otac.output.replacement import replace_file

    try:
        replace_file(path, data)
    except OSError as problem:
        return environment(problem, path.parent)
    return None


def write_new(path: Path, data: bytes) -> Diagnostic | None:
    """Write a file that is not there yet; a device or a pipe is written to."""
    return refused(path) or write_file(path, data)


def refused(path: Path) -> Diagnostic | None:
    """Why a new file cannot get this name: there is one."""
    if not path.is_symlink() and not path.is_file():
        return None
    return error(
        "OTC507",
        f"`{path}` exists, and is not overwritten",
        help="name a file that is not there yet, or move that one away",
    )


def write_back(
    configuration: Configuration, data: bytes, *, piped: str = "otac check - --fix"
) -> Diagnostic | None:
    """Write a configuration into the file it came from, if that is still the same.

    A file that may not be written is left alone, although its folder would let it be
    replaced. `piped` is the command that does the same between pipes.
    """
    from otac.output.environment import environment

    path = Path(configuration.name)
    try:
        if read_file(path) != configuration.data:
            return error(
                "OTC506",
                f"`{configuration.name}` has changed while it was corrected",
                help="nothing was written; run the command again",
            )
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
            raise PermissionError(errno.EACCES, "the file is read-only", str(path))
    except OSError as problem:
        advice = "nothing was changed; `--diff` shows what would be"
        return replace(environment(problem, path.parent), help=advice)
    refused = write_file(path, data)
    advice = f"nothing was changed; `{piped} < FILE` prints the new text"
    return None if refused is None else replace(refused, help=advice)
