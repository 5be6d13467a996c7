"""What one evaluation may use up: rounds of loops, and characters and items that it makes."""

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from otac.expressions.problem import ExpressionError

MOST_ROUNDS = 1_000_000
"""Of all loops and calls together."""

MOST_MADE = 20_000_000
"""Characters of the texts and items of the lists that operators and filters make."""


class _Spent:
    __slots__ = ("made", "rounds")

    def __init__(self) -> None:
        self.made = 0
        self.rounds = 0


ROUNDS_OF_A_CALL = 5
"""A call takes as long; macros may call themselves, and twice."""

SIZE_OF_A_LIST = 16
"""In items: a list that holds another twice, and that another twice, grows by lists."""


_spent: ContextVar[_Spent | None] = ContextVar("spent", default=None)


@contextmanager
def fresh_budget() -> Iterator[None]:
    """For one evaluation; one inside of it is another."""
    before = _spent.set(_Spent())
    try:
        yield
    finally:
        _spent.reset(before)


def spend_rounds(count: int) -> None:
    """Raises ExpressionError where there were too many."""
    spent = _spent.get()
    if spent is not None:
        spent.rounds += count
        if spent.rounds > MOST_ROUNDS:
            raise ExpressionError(f"loops and calls go on for {MOST_ROUNDS:,} rounds")


def spend_made(count: int) -> None:
    """The same for characters and items, before they are made."""
    spent = _spent.get()
    if spent is not None:
        spent.made += count
        if spent.made > MOST_MADE:
            raise ExpressionError(
                f"it makes more than {MOST_MADE:,} characters and items"
            )


def each(values: Any) -> Any:
    """What a loop goes through, counted."""
    if isinstance(values, Sized) and isinstance(values, Iterable):
        spend_rounds(len(values))
        return values
    return _counted(values)


def _counted(values: Any) -> Iterator[Any]:
    for value in values:
        spend_rounds(1)
        yield value


def size_of(value: Any) -> int:
    """About how many characters and items a value prints, and spends them.

    A list that holds another twice, and that another twice, is larger than it looks.
    """
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        spend_made(len(value) + SIZE_OF_A_LIST)
        return sum(size_of(key) + size_of(item) + 4 for key, item in value.items())
    if isinstance(value, list | tuple):
        spend_made(len(value) + SIZE_OF_A_LIST)
        return sum(size_of(item) + 2 for item in value)
    return 20
