"""A module of a folder without `__init__.py`."""

from collections.abc import Callable
from functools import cache
from typing import Any

from otac.components import ClaimingTicketSystem, Component


@cache
def decorated(text: str) -> str:
    """A decorator may change what a function takes."""
    return text


def _pair() -> tuple[Callable[..., Any], Callable[..., Any]]:
    return str, repr


first, second = _pair()


class Claim(Component):
    """Its parameters are those of the base class, its services its own."""

    tickets: ClaimingTicketSystem

    async def run(self) -> int:
        """Claim nothing."""
        return 0
