"""Tickets that keep failing are set aside, so that they do not hold up their queue."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import NamedTuple, Protocol, runtime_checkable

# How long one is left out: the first time, then twice as long each time.
_FIRST_SECONDS = 3600.0
_LONGEST_SECONDS = 86400.0


class Setback(NamedTuple):
    """How many runs in a row failed for a ticket, and for how many seconds from now on it
    is left out: whose clock says when that ends is nobody else's matter."""

    runs: int
    seconds: float


@runtime_checkable
class RemembersSetbacks(Protocol):
    """A ticket system that remembers which tickets failed. `purpose` is a runner's."""

    async def setbacks(self, purpose: str) -> Mapping[str, Setback]:
        """Those with a setback, by ticket."""
        ...

    async def set_back(
        self, purpose: str, ticket_id: str, *, run: str, after: int
    ) -> Setback:
        """One more, but only one for each run; from the `after`-th on it is left out."""
        ...

    async def recovered(self, purpose: str, ticket_ids: Sequence[str]) -> None:
        """Forgets about them."""
        ...


class Tracker(Protocol):
    """The run around a component."""

    @property
    def purpose(self) -> str:
        """Under which its setbacks are kept."""
        ...

    def fetched(
        self,
        system: RemembersSetbacks,
        ticket_ids: Sequence[str],
        known: Mapping[str, Setback],
        after: int,
    ) -> None:
        """The run is going to work on these tickets."""
        ...


tracker: ContextVar[Tracker | None] = ContextVar("otac_tracker", default=None)


def left_out_seconds(runs: int, after: int) -> float:
    """For how long a ticket is left out that has failed so often."""
    if runs < after:
        return 0.0
    return float(min(_FIRST_SECONDS * 2.0 ** min(runs - after, 30), _LONGEST_SECONDS))
