"""Asks a runner what it would do with tickets, in a process of its own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otac.trial.decision import Decision, Decisions, Made
from otac.trial.plan import TrialPlan
from otac.trial.process import TrialProcess


@dataclass(frozen=True, slots=True)
class EvaluationAsked:
    """A runner, and subjects and bodies of tickets. `many`: see `Decider`."""

    plan: TrialPlan
    runner: str
    parameters: Mapping[str, Any]
    tickets: Sequence[tuple[str, str]]
    many: bool


class EvaluationRun(TrialProcess):
    """`result` is text, why there is none, or None if the process is gone."""

    def __init__(
        self, asked: EvaluationAsked, generated: Path, folder: Path, *, verbose: bool
    ) -> None:
        self.result: Decisions | str | None = None
        more = {
            "runner": asked.runner,
            "parameters": asked.parameters,
            "tickets": asked.tickets,
            "many": asked.many,
        }
        module = "otac.trial.evaluation_process"
        super().__init__(module, asked.plan, more, generated, folder, verbose=verbose)

    def progress(self) -> Iterator[int]:
        """How many tickets are done, until all are; then there is a `result`."""
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


def _decision(one: Mapping[str, Any]) -> Decision:
    return Decision(Made(**one["queue"]), Made(**one["priority"]), one["failure"])
