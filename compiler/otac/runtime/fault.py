"""Lets whoever tries a runner make attempts of its steps fail."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeAlias

# Given the ids down to a step and the indices of the items on the way, as the attempt
# begins; raises what the attempt is to fail with.
Fault: TypeAlias = Callable[[tuple[str, ...], tuple[int, ...]], None]
fault: ContextVar[Fault | None] = ContextVar("otac_fault", default=None)
