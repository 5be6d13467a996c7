"""Whether the modules that will run can be imported here."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.extras import install


def check_imports(
    entrypoints: Sequence[str], output: Path, folder: Path
) -> tuple[Diagnostic, ...]:
    """What is wrong with each of the entrypoints, such as `generated/flows/a.py:a`.

    Imports them in a process of its own, as a worker would: the output's folder comes
    first on the path, then the configuration's.
    """
    if find_spec("prefect") is None:
        return (
            error(
                "OTC510",
                "importing the generated modules needs Prefect, which is not installed",
                help=f"{install('prefect')}, or add `--no-import`",
            ),
        )
    task = {
        "entrypoints": list(entrypoints),
        "path": list(dict.fromkeys(str(one.resolve()) for one in (output, folder))),
    }
    done = subprocess.run(
        # -P: a module of the user's must not stand in for one of Prefect's.
        [sys.executable, "-P", "-m", "otac.deploy.import_process"],
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=output,
        check=False,
    )
    try:
        problems: list[list[str]] = json.loads(done.stdout)
    except ValueError:
        problems = [["the generated modules", "importing them ended the process"]]
    return tuple(
        error(
            "OTC537",
            f"`{entrypoint}` cannot be deployed: {problem}",
            help="install what it needs here, as on the worker; "
            "`--no-import` leaves it to the worker",
        )
        for entrypoint, problem in problems
    )
