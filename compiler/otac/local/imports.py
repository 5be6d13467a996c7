"""Whether the generated modules can be imported, found out while other things go on."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.local.home import Home
from otac.local.process import Process

_SHOWN = 2


class ImportCheck(Process):
    """Imports each of the entrypoints, such as `generated/flows/a.py:a`, as a worker will.

    That takes seconds, for Prefect comes along: what is deployed does not wait for it.
    """

    def __init__(
        self,
        entrypoints: Sequence[str],
        output: Path,
        folder: Path,
        home: Home,
        environment: Mapping[str, str],
    ) -> None:
        """`output` is the folder that holds `generated`, `folder` the configuration's."""
        self._answer = home.path / "imports.json"
        self._log = home.path / "imports.log"
        task = home.path / "imports-task.json"
        path = dict.fromkeys(str(one.resolve()) for one in (output, folder))
        content = {"entrypoints": list(entrypoints), "path": list(path)}
        task.write_text(json.dumps(content), encoding="utf-8")
        with self._answer.open("wb") as answer, self._log.open("wb") as log:
            super().__init__(
                "otac.deploy.import_process",
                str(task),
                environment=environment,
                folder=output.resolve(),
                stdout=answer,
                stderr=log,
            )

    def problems(self) -> tuple[Diagnostic, ...] | None:
        """What is wrong with them; None as long as that is not known."""
        if self.status is None:
            return None
        found: list[list[Any]]
        try:
            found = json.loads(self._answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = [["generated", "importing its modules ends the process"]]
        # One module that is missing stops many.
        by_problem: dict[str, list[str]] = {}
        for entrypoint, problem in found:
            by_problem.setdefault(problem, []).append(f"`{entrypoint}`")
        return tuple(
            error(
                "OTC537",
                f"{_listed(entrypoints)} cannot be imported: {problem}",
                help=f"their runs will fail; `{self._log}` holds what importing wrote",
            )
            for problem, entrypoints in by_problem.items()
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
