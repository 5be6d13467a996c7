"""What a flow process is asked to do, and what it answers: lines of JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from otac.emit.layout import Output


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a generated flow."""

    runner: str
    module: str
    function: str
    parameters: Mapping[str, Any]


class Engine(StrEnum):
    """Who runs the steps."""

    # Prefect, with a server that otac starts at the same time.
    EMBEDDED = "embedded"
    # Prefect, with a server of the user's.
    GIVEN = "given"
    # Nobody's server: `otac.runtime.alone`.
    ALONE = "alone"


def job(output: Output, runner: str, parameters: Mapping[str, Any]) -> Job:
    """The run of a runner, by the entrypoint that its deployment has.

    Of a resident one, it is one tick.
    """
    entries = {entry["name"]: entry for entry in output.deployments.deployments}
    path, _, function = str(entries[runner]["entrypoint"]).partition(":")
    module = path.removesuffix(".py").replace("/", ".")
    return Job(runner, module, output.once.get(runner, function), parameters)


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step has ended, or one item of it.

    `ids` lead from the outermost list down to the step, `indices` are those of the items
    on the way. `state` is `Completed`, `Failed`, `Skipped` or `Stopped`. `result` is there
    for steps that are watched.
    """

    ids: tuple[str, ...]
    indices: tuple[int, ...]
    state: str
    reason: str
    attempts: int
    seconds: float
    result: Any = None


@dataclass(frozen=True, slots=True)
class TicketChanged:
    """A step has changed a ticket: a line of `ticket_change.told`."""

    line: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunBegan:
    """Prefect has the run under this id."""

    flow_run: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The final state of a run; `type` is Prefect's, e.g. `COMPLETED` for `Stopped`."""

    runner: str
    state: str
    type: str
    message: str
    result: Any
    seconds: float

    @property
    def completed(self) -> bool:
        return self.type == "COMPLETED"


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log that a person wants to see."""

    text: str


Answer: TypeAlias = RunBegan | StepEnded | TicketChanged | RunEnded | Logged
