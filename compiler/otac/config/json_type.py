"""The JSON types, and what messages call them."""

import math

from otac.config.schema import Schema
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar, Sequence

TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


def json_type(node: Node) -> str:
    """The JSON type of a node."""
    if isinstance(node, Mapping):
        return "object"
    if isinstance(node, Sequence):
        return "array"
    value = node.value
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "null" if value is None else "number"


# Questions about single values that the shape check asks.
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
