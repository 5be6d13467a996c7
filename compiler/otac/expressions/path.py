"""Dotted paths into plain data: `get_at(ticket, "queue.name")`."""

from collections.abc import Mapping, Sequence
from typing import Any

from otac.expressions.problem import ExpressionError

_MOST_PARTS = 100
_MOST_KEYS = 10


def get_at(value: Any, path: str) -> Any:
    """The value at `path`; a number is an index of a list. An empty path is `value`.

    Raises ExpressionError with the part that is missing and the keys there are.
    """
    parts = _parts(path)
    for position, part in enumerate(parts):
        found = _step(value, part)
        if found is None:
            where = ".".join(parts[: position + 1])
            raise ExpressionError(f"there is no `{where}`: {_contents(value)}")
        value = found[0]
    return value


def nest_at(value: Any, path: str) -> Any:
    """The reverse: `nest_at(3, "priority.id")` is `{"priority": {"id": 3}}`."""
    for part in reversed(_parts(path)):
        value = {part: value}
    return value


def _parts(path: str) -> list[str]:
    if not isinstance(path, str):
        raise ExpressionError(f"a path is text, not {kind(path)}")
    parts = path.split(".") if path else []
    if not all(parts):
        raise ExpressionError(f"the path `{path}` has an empty part")
    if len(parts) > _MOST_PARTS:
        raise ExpressionError(f"a path has at most {_MOST_PARTS} parts")
    return parts


def _step(value: Any, part: str) -> tuple[Any] | None:
    """The value under one part, in a tuple because it can be None."""
    if isinstance(value, Mapping):
        if part in value:
            return (value[part],)
        if part.isdecimal() and int(part) in value:
            return (value[int(part)],)
    elif (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and part.isdecimal()
        and int(part) < len(value)
    ):
        return (value[int(part)],)
    return None


def _contents(value: Any) -> str:
    match value:
        case Mapping():
            return f"the mapping has {keys(value)}"
        case str() | bytes():
            return f"it leads into {kind(value)}"
        case Sequence():
            return f"the list has {len(value)} items, counted from 0"
        case _:
            return f"it leads into {kind(value)}"


def keys(mapping: Mapping[Any, Any]) -> str:
    """The first keys of a mapping as a message names them."""
    if not mapping:
        return "no keys"
    shown = [f"`{key}`" for key, _ in zip(mapping, range(_MOST_KEYS), strict=False)]
    more = len(mapping) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def kind(value: Any) -> str:
    """What a value is, for a message that must not show the value."""
    match value:
        case None:
            return "none"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"
