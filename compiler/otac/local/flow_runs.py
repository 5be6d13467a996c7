"""Runs generated flows, each once, and yields how it goes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

from otac.local.job import (
    Answer,
    Engine,
    Job,
    Logged,
    RunBegan,
    RunEnded,
    StepEnded,
    TicketChanged,
)
from otac.local.process import Process


class FlowRuns(Process):
    """A process that does some jobs as soon as the API answers.

    `watched` are the ids down to a step whose results are to be answered, too.

    `terminal` is the path of the one on which breakpoints open.

    `generated` is the folder that holds the package `generated`, `folder` that of the
    configuration: relative paths are its, and modules of the user's lie there.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        generated: Path,
        folder: Path,
        environment: Mapping[str, str],
        *,
        verbose: bool,
        engine: Engine = Engine.EMBEDDED,
        watched: tuple[str, ...] = (),
        terminal: str | None = None,
    ) -> None:
        # Not as arguments of the command: everybody on the machine could read them.
        self._folder = TemporaryDirectory(prefix="otac-")
        task = Path(self._folder.name) / "task.json"
        path = dict.fromkeys(str(one.resolve()) for one in (generated, folder))
        content = {
            "api": environment.get("PREFECT_API_URL", ""),
            "engine": engine,
            "watched": watched,
            "jobs": [asdict(job) for job in jobs],
            "path": list(path),
            "verbose": verbose,
            "terminal": terminal,
        }
        task.write_text(json.dumps(content), encoding="utf-8")
        super().__init__(
            "otac.local.flow_process",
            str(task),
            environment=environment,
            folder=folder,
            stdout=PIPE,
        )

    def answers(self) -> Iterator[Answer]:
        """What the process says, until it ends."""
        for line in self.output:
            match json.loads(line):
                case {"is": "StepEnded", "what": what}:
                    ids, indices = tuple(what.pop("ids")), tuple(what.pop("indices"))
                    yield StepEnded(ids, indices, **what)
                case {"is": "TicketChanged", "what": what}:
                    yield TicketChanged(**what)
                case {"is": "RunEnded", "what": what}:
                    yield RunEnded(**what)
                case {"is": "RunBegan", "what": what}:
                    yield RunBegan(**what)
                case {"is": "Logged", "what": what}:
                    yield Logged(**what)

    def end(self, grace_seconds: float = 5.0) -> None:
        super().end(grace_seconds)
        self._folder.cleanup()
