"""How far long work is, told to whoever listens; nobody does unless a command says so."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
Listener = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and how much there is."""

_listeners: list[Listener] = []


def each(what: str, items: Sequence[T]) -> Iterator[T]:
    """The items; a listener is told of each, and once more when all are done."""
    if not _listeners:
        yield from items
        return
    hear = _listeners[-1]
    for done, item in enumerate(items):
        hear(what, done, len(items))
        yield item
    hear(what, len(items), len(items))


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Let somebody listen for a while."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
