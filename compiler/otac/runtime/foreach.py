"""The items of a for-each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from otac.expressions.path import kind
from otac.expressions.problem import ExpressionError


def items_of(value: Any) -> list[Any]:
    """The list to go through; text and mappings are most likely a mistake."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise ExpressionError(f"`for_each` needs a list, not {kind(value)}")
    return list(value)


async def each(count: int, limit: int, work: Callable[[int], Awaitable[bool]]) -> None:
    """Awaits `work(index)` in order, up to `limit` at a time, until one returns False.

    Those under way are then finished, no other is begun.
    """
    indices = iter(range(count))
    going = True

    async def worker() -> None:
        nonlocal going
        for index in indices:
            if not going:
                return
            going = await work(index) and going

    if min(limit, count) <= 1:
        await worker()
        return
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(limit, count)):
                group.create_task(worker())
    except BaseExceptionGroup as error:
        # Steps let only Prefect's own signals pass, which mean nothing in a group.
        raise error.exceptions[0] from None
