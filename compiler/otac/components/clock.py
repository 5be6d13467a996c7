"""What time it is."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

# A trial of a runner says what time it is; everything else asks the machine.
clock: ContextVar[Callable[[], datetime] | None] = ContextVar(
    "otac_clock", default=None
)


def present() -> datetime:
    """The present instant, in UTC."""
    told = clock.get()
    return datetime.now(UTC) if told is None else told()
