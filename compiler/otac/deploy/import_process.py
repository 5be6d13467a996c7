"""Imports generated modules and says what went wrong; Prefect comes along with them."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path, PurePosixPath

from otac.agreed import claim_output


def main() -> None:
    """Read the task from standard input, or from the file that the only argument names;
    answer on standard output."""
    answers = claim_output()
    given = Path(sys.argv[1]).read_text("utf-8") if sys.argv[1:] else sys.stdin.read()
    task = json.loads(given)
    sys.path[:0] = task["path"]
    problems = [
        [entrypoint, problem]
        for entrypoint in task["entrypoints"]
        if (problem := _problem(entrypoint)) is not None
    ]
    answers.write(json.dumps(problems).encode())
    answers.flush()
    # Threads and exit handlers of the user's modules have no say in this.
    os._exit(0)


def _problem(entrypoint: str) -> str | None:
    path, _, function = entrypoint.rpartition(":")
    module = ".".join(PurePosixPath(path).with_suffix("").parts)
    try:
        found = getattr(import_module(module), function, None)
    except BaseException as problem:  # noqa: BLE001
        # The type and what names are missing; any other message might tell a secret.
        if isinstance(problem, ImportError):
            return f"{type(problem).__name__}: {problem}"
        return f"importing it raises {type(problem).__name__}"
    if not hasattr(found, "to_deployment"):
        return f"it has no flow `{function}`"
    return None


if __name__ == "__main__":
    main()
