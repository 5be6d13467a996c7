"""From a step of a run back to the line of the configuration that it was built from."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from otac.plain_file import read_file

_LOCK = "otac.lock"
# Where the lock has the services: no runner is called so.
SERVICES = ""


def origin(module: str, runner: str, ids: tuple[str, ...]) -> str:
    """` [runner `triage`, config.yml:41]`, from the lock beside a generated module.

    `module` is the file of the flow, `ids` lead from the outermost list down to the step.
    Empty where there is no lock, or none that knows the step: a message of a run must not
    fail for want of it.
    """
    lock = _read(Path(module).parent.parent / _LOCK)
    line = _line(lock, runner, ".".join(ids))
    return f" [runner `{runner}`, {line}]" if line else ""


def service_origin(module: str, constructor: str, parameter: str | None = None) -> str:
    """The same of a service, or of a parameter of it: ` [service `helpdesk`, config.yml:4]`."""
    lock = _read(Path(module).parent.parent / _LOCK)
    line = None
    if parameter is not None:
        line = _line(lock, SERVICES, f"{constructor}.{parameter}")
    line = line or _line(lock, SERVICES, constructor)
    return f" [service `{constructor}`, {line}]" if line else ""


def _line(lock: Any, runner: str, path: str) -> str | None:
    try:
        return f"{lock['source']}:{int(lock['places'][runner][path])}"
    except (KeyError, TypeError, ValueError):
        return None


@lru_cache(maxsize=4)
def _read(path: Path) -> Any:
    # Read once in a process: what runs was built before it started.
    try:
        return json.loads(read_file(path))
    except (OSError, ValueError):
        return {}
