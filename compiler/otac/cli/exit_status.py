"""Exit statuses, the same for every command."""

import sys
from collections.abc import Iterable, Mapping
from enum import IntEnum
from pathlib import Path

from otac.diagnostics.frame import visible


class Exit(IntEnum):
    """What a command tells its caller."""

    OK = 0
    # The configuration or the output is at fault; diagnostics say where.
    FAULT = 1
    USAGE = 2
    # `otac plan`: the server does not have what is declared.
    CHANGES = 2
    # The surroundings are: no server, no permission, a full disk, or a bug in otac.
    ENVIRONMENT = 3


# Wrong usage that argparse cannot see.
def wrong_usage(message: str) -> Exit:
    """Say what is wrong with the command line."""
    sys.stderr.write(f"error: {message}\n")
    return Exit.USAGE


def overwriting(
    outputs: Mapping[str, Path | None], inputs: Iterable[Path | str | None]
) -> str | None:
    """What is wrong with options that name a file to write: one that is read, or one twice."""
    read = {Path(each).resolve() for each in inputs if each is not None}
    written: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        target = path.resolve()
        if target in read:
            return (
                f"`{option} {visible(str(path))}` would overwrite a file that is read"
            )
        if target in written:
            return f"`{written[target]}` and `{option}` name the same file"
        written[target] = option
    return None
