"""From a step of a run back to the line of the configuration that it was built from."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_LOCK = "otac.lock"


def origin(module: str, runner: str, ids: tuple[str, ...]) -> str:
    """` [runner `triage`, config.yml:41]`, from the lock beside a generated module.

    `module` is the file of the flow, `ids` lead from the outermost list down to the step.
    Empty where there is no lock, or none that knows the step: a message of a run must not
    fail for want of it.
    """
    lock = _read(Path(module).parent.parent / _LOCK)
    try:
        line = lock["places"][runner][".".join(ids)]
        return f" [runner `{runner}`, {lock['source']}:{int(line)}]"
    except (KeyError, TypeError, ValueError):
        return ""


@lru_cache(maxsize=4)
def _read(path: Path) -> Any:
    # Read once in a process: what runs was built before it started.
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
