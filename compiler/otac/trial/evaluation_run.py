"""Asks a runner what it would do with tickets, in a process of its own."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory
from typing import Any

from otac.local.process import Process
from otac.trial.decision import Decision, Decisions, Made
from otac.trial.plan import Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """A runner, and subjects and bodies of tickets. `many`: see `Decider`."""

    plan: Plan
    runner: str
    parameters: Mapping[str, Any]
    tickets: Sequence[tuple[str, str]]
    many: bool


class EvaluationRun(Process):
    """`generated` is the folder that holds the package, `folder` the configuration's.

    Nothing that is not a service of the configuration's is asked of the network; Prefect's
    API only for blocks and variables that those are made with.
    """

    def __init__(
        self, asked: Asked, generated: Path, folder: Path, *, verbose: bool
    ) -> None:
        self._folder = TemporaryDirectory(prefix="otac-")
        self.result: Decisions | str | None = None
        task = Path(self._folder.name) / "task.json"
        content = {
            "generated": str(generated.resolve()),
            "user": str(folder.resolve()),
            "flows": {name: asdict(one) for name, one in asked.plan.flows.items()},
            "services": {
                name: asdict(one) for name, one in asked.plan.services.items()
            },
            "runner": asked.runner,
            "parameters": asked.parameters,
            "tickets": asked.tickets,
            "many": asked.many,
            "verbose": verbose,
        }
        task.write_text(json.dumps(content), encoding="utf-8")
        environment = {
            **os.environ,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
        }
        super().__init__(
            "otac.trial.evaluation_process",
            str(task),
            environment=environment,
            folder=folder,
            stdout=PIPE,
            stderr=None if verbose else DEVNULL,
        )

    def progress(self) -> Iterator[int]:
        """How many tickets are done, until all are; then there is a `result`.

        That is text, why there is none, or None if the process is gone.
        """
        for line in self.output:
            match json.loads(line):
                case {"done": done}:
                    yield done
                case {"refused": reason}:
                    self.result = reason
                case {"decisions": made, "offered": offered, "asked": asked}:
                    self.result = Decisions(
                        tuple(_decision(one) for one in made),
                        {key: frozenset(some) for key, some in offered.items()},
                        asked,
                    )

    def end(self, grace_seconds: float = 5.0) -> None:
        super().end(grace_seconds)
        self._folder.cleanup()


def _decision(one: Mapping[str, Any]) -> Decision:
    return Decision(Made(**one["queue"]), Made(**one["priority"]), one["failure"])
