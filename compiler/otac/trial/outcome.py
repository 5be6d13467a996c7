"""What became of a trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otac.components.ticket_system import Ticket
from otac.local.ticket_change import TicketChange
from otac.runtime.observer import StepEnd
from otac.runtime.record import Failure, Skip, Success


@dataclass(frozen=True, slots=True)
class EndedStep:
    """How a step ended, or one item of it.

    `state` is `Completed`, `Failed`, `Skipped` or `Stopped`. `attempts` is 0 for a step
    that is not one task: a composite, a for-each as a whole, one that was skipped.
    `condition` is what its condition came to, if it has one; None if nobody asked it.
    """

    ids: tuple[str, ...]
    indices: tuple[int, ...]
    state: str
    reason: str
    attempts: int
    result: Any
    condition: bool | None = True

    def told(self) -> dict[str, Any]:
        """As a process of otac's answers; without the result, which may be large."""
        return {
            "ids": self.ids,
            "indices": self.indices,
            "state": self.state,
            "reason": self.reason,
            "attempts": self.attempts,
        }

    @classmethod
    def of(cls, end: StepEnd) -> "EndedStep":
        """As the runtime tells it."""
        match end.record:
            case Success(result, attempts=attempts):
                return cls(end.ids, end.indices, "Completed", "", attempts, result)
            case Failure(reason, attempts=attempts):
                return cls(end.ids, end.indices, "Failed", reason, attempts, None)
            case Skip(reason, stopped, condition):
                state = "Stopped" if stopped else "Skipped"
                return cls(end.ids, end.indices, state, reason, 0, None, condition)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final state of the run, as Prefect would name it, and all that happened.

    `steps` are in the order of their ends, the steps of a composite before the composite.
    `tickets` are those of the helpdesk afterwards, by id.
    """

    state: str
    message: str
    result: Any
    steps: tuple[EndedStep, ...]
    tickets: Mapping[str, Ticket]
    changes: tuple[TicketChange, ...]

    def step(self, *ids: str, indices: tuple[int, ...] = ()) -> EndedStep | None:
        """The step at the end of these ids; None if the run never came to it."""
        found = [one for one in self.steps if (one.ids, one.indices) == (ids, indices)]
        return found[-1] if found else None
