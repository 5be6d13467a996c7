"""`--env-file`: variables for one command."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.dotenv import read_lines
from otac.plain_file import read_file


def read_env_file(path: Path) -> Mapping[str, str] | Diagnostic:
    """What a file of `NAME=value` lines sets."""
    try:
        text = read_file(path, pipes=True).decode("utf-8", "replace")
        found = read_lines(text)
        unfit = next((name for name, value in found.items() if "\0" in value), None)
        if unfit is not None:
            raise ValueError(f"the value of `{unfit}` is none that a variable can have")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return error(
            "OTC505",
            f"`{path}` cannot be read: {reason[:1].lower()}{reason[1:]}",
            help="name a file of `NAME=value` lines",
        )
    return found


@contextmanager
def added(variables: Mapping[str, str]) -> Iterator[None]:
    """Within this, the environment has these, and every process that is started with it.

    They count for more than what is set: who names the file of the test system must not
    reach the other one because of what a shell still has.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
