"""What a component has done about tickets, for those who look at a run afterwards."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple, TypeAlias


class Handled(NamedTuple):
    """One thing done about a ticket, without a word of what the ticket says.

    `ticket_id` is None where a component is given text alone.
    """

    ticket_id: str | None
    label: str | None
    confidence: float | None
    done: str | None


Listener: TypeAlias = Callable[[Handled], None]

# Not an argument of components: most have nothing to tell, and results are for steps.
listener: ContextVar[Listener | None] = ContextVar("otac_listener", default=None)


def report(
    ticket_id: str | None = None,
    *,
    label: str | None = None,
    confidence: float | None = None,
    done: str | None = None,
) -> None:
    """Tell whoever listens, if anybody does, as soon as it is done.

    Also where the component fails later on: what was done stays done.
    """
    if (tell := listener.get()) is not None:
        tell(Handled(ticket_id, label, confidence, done))
