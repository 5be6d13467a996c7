"""The names that a file of environment variables sets; values are nobody's business."""

import re
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.plain_file import read_file

_NAME = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=", re.MULTILINE
)


def read_env_file(path: Path | None) -> frozenset[str] | Diagnostic | None:
    """The names in a file of `NAME=value` lines, as `docker run --env-file` takes it."""
    if path is None:
        return None
    try:
        text = read_file(path, pipes=True).decode("utf-8", "replace")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return error(
            "OTC505",
            f"`{path}` cannot be read: {reason[:1].lower()}{reason[1:]}",
            help="name a file of `NAME=value` lines",
        )
    return frozenset(_NAME.findall(text))
