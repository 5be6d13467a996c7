"""Wrong usage that argparse cannot see."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from otac.cli.exit_status import Exit
from otac.diagnostics.cells import visible


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
