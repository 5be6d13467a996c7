"""Questions about single values that the shape check asks."""

import math

from otac.config.schema import Schema
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar


def is_misspelt(key: str, node: Mapping, otherwise: Schema) -> bool:
    """Whether a key that decides on the rest was meant, and something else was written."""
    known = otherwise.properties or {}
    return any(
        name not in known and nearest(name, (key, *known)) == key
        for name in node.entries
    )


def holds_template(node: Scalar) -> bool:
    return isinstance(node.value, str) and ("{{" in node.text or "{%" in node.text)


def is_empty_section(node: Node, schema: Schema) -> bool:
    """Whether nothing stands where a list or a mapping may: all of it commented out."""
    if not isinstance(node, Scalar) or node.value is not None:
        return False
    branches = (schema, *schema.alternatives)
    types = frozenset(name for branch in branches for name in branch.types or ())
    return "null" in types and not types.isdisjoint(("array", "object"))


def spells(text: str, types: frozenset[str]) -> bool:
    """Whether text can be converted to one of the types, as pydantic does it."""
    if "boolean" in types and text.lower() in ("true", "false"):
        return True
    if not types & {"integer", "number"}:
        return False
    try:
        number = float(text)
    except ValueError:
        return False
    return math.isfinite(number) and ("number" in types or number.is_integer())


def is_choice(value: object, choices: tuple[object, ...]) -> bool:
    return any(type(value) is type(choice) and value == choice for choice in choices)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:g}"
