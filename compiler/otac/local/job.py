"""What a flow process is asked to do, and what it answers: lines of JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a generated flow."""

    runner: str
    module: str
    function: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step has ended, or one item of it.

    `ids` lead from the outermost list down to the step, `indices` are those of the items
    on the way. `state` is `Completed`, `Failed`, `Skipped` or `Stopped`.
    """

    ids: tuple[str, ...]
    indices: tuple[int, ...]
    state: str
    reason: str
    attempts: int
    seconds: float


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


Answer: TypeAlias = StepEnded | RunEnded | Logged
