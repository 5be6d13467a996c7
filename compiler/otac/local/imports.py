"""Whether the generated modules can be imported, found out while other things go on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from otac.deploy.imports import MODULE, import_task, not_importable
from otac.diagnostics.diagnostic import Diagnostic
from otac.local.home import Home
from otac.local.process import Process


class ImportCheck(Process):
    """Imports each of the entrypoints.

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
        task.write_text(import_task(entrypoints, output, folder), encoding="utf-8")
        with self._answer.open("wb") as answer, self._log.open("wb") as log:
            super().__init__(
                MODULE,
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
        try:
            answer = self._answer.read_bytes()
        except OSError:
            answer = b""
        advice = f"their runs will fail; `{self._log}` holds what importing wrote"
        return not_importable(answer, advice)
