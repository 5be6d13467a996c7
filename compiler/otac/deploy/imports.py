"""Whether the modules that will run can be imported, as a worker will."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.extras import install

MODULE = "otac.deploy.import_process"
"""What is run for it: it takes the task from standard input or a file, and answers."""
_SHOWN = 2


def import_task(entrypoints: Sequence[str], output: Path, folder: Path) -> str:
    """What the process is asked: entrypoints such as `generated/flows/a.py:a`.

    As in a worker, the output's folder comes first on the path, then the configuration's.
    """
    path = dict.fromkeys(str(one.resolve()) for one in (output, folder))
    return json.dumps({"entrypoints": list(entrypoints), "path": list(path)})


def not_importable(answer: bytes, help: str) -> tuple[Diagnostic, ...]:
    """What its answer says is wrong. One module that is missing stops many."""
    problems: list[list[str]]
    try:
        problems = json.loads(answer)
    except ValueError:
        problems = [["generated", "importing its modules ends the process"]]
    by_problem: dict[str, list[str]] = {}
    for entrypoint, problem in problems:
        by_problem.setdefault(problem, []).append(f"`{entrypoint}`")
    return tuple(
        error(
            "OTC537",
            f"{_listed(entrypoints)} cannot be imported: {problem}",
            help=help,
        )
        for problem, entrypoints in by_problem.items()
    )


def check_imports(
    entrypoints: Sequence[str], output: Path, folder: Path
) -> tuple[Diagnostic, ...]:
    """What is wrong with the entrypoints; imports them in a process of its own."""
    if find_spec("prefect") is None:
        return (
            error(
                "OTC510",
                "importing the generated modules needs Prefect, which is not installed",
                help=f"{install('prefect')}, or add `--no-import`",
            ),
        )
    done = subprocess.run(
        # -P: a module of the user's must not stand in for one of Prefect's.
        [sys.executable, "-P", "-m", MODULE],
        input=import_task(entrypoints, output, folder).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=output,
        check=False,
    )
    return not_importable(
        done.stdout,
        "install what it needs here, as on the worker; "
        "`--no-import` leaves it to the worker",
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
