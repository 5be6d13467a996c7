"""Readers of nodes whose shape was checked, on which their casts rely."""

from collections.abc import Callable
from typing import TypeVar, cast

from otac.config.model import Located
from otac.source.document import Mapping, Node, Scalar, Sequence

T = TypeVar("T")


def mapping(node: Mapping, key: str) -> Mapping | None:
    """The mapping under a key, if there is one."""
    return cast("Mapping | None", node.get(key))


def items(node: Mapping, key: str) -> list[Node]:
    """The items of the list under a key, if there is one."""
    sequence = cast("Sequence | None", node.get(key))
    return [] if sequence is None else sequence.items


def located(scalar: Scalar) -> Located[str]:
    """The text of a scalar."""
    written = scalar.written
    return Located(scalar.text, scalar.span, None if written is None else written.text)


def text(node: Mapping, key: str) -> Located[str] | None:
    """The text under a key, if there is one."""
    scalar = node.get(key)
    return None if scalar is None else located(cast(Scalar, scalar))


def value(node: Mapping, key: str, convert: Callable[..., T]) -> Located[T] | None:
    """The value under a key, converted, if there is one."""
    scalar = node.get(key)
    if scalar is None:
        return None
    return Located(convert(cast(Scalar, scalar).value), scalar.span)


def names(node: Node | None) -> tuple[Located[str], ...]:
    """One name, or a list of them."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(located(cast(Scalar, item)) for item in node.items)
    return (located(cast(Scalar, node)),)


def optional_names(node: Node | None) -> tuple[Located[str], ...] | None:
    """As `names`; None where nothing is given."""
    return None if node is None else names(node)
