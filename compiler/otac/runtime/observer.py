"""Lets the process that starts a run see how each step ends."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

from otac.runtime.record import Record
from otac.runtime.scope import Scope


@dataclass(frozen=True, slots=True)
class StepEnd:
    """A step that has ended, or one item of it.

    `ids` lead from the outermost list down to the step; `indices` are those of the items
    on the way. The steps of a composite end before the composite does.
    """

    ids: tuple[str, ...]
    indices: tuple[int, ...]
    record: Record
    seconds: float


Observer: TypeAlias = Callable[[StepEnd], None]

# Not an argument of `Run`: generated modules are the same whether anybody looks on or not.
observer: ContextVar[Observer | None] = ContextVar("otac_observer", default=None)


def tell(scope: Scope, record: Record, begun: float) -> None:
    """Tell the observer, if there is one. `begun` is `time.monotonic()` at the start."""
    if (look := observer.get()) is not None:
        look(StepEnd(scope.ids, scope.indices, record, monotonic() - begun))
