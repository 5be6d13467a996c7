"""Nodes of the configuration to values of the IR."""

from otac.lower.project import ListValue, Literal, MappingValue, Template, Value
from otac.source.document import Mapping, Node, Scalar


def is_template(text: str) -> bool:
    """Whether Jinja would do anything with the text."""
    return "{{" in text or "{%" in text or "{#" in text


def lower_value(node: Node) -> Value:
    """A value whose literal parts are literals and whose Jinja strings are templates."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and is_template(node.value):
            return Template(node.value, node.span, node)
        return Literal(node.value, node.span)
    if isinstance(node, Mapping):
        entries = tuple((key, lower_value(e.value)) for key, e in node.entries.items())
        if all(isinstance(value, Literal) for _, value in entries):
            return Literal(node.plain(), node.span)
        return MappingValue(entries, node.span)
    items = tuple(lower_value(item) for item in node.items)
    if all(isinstance(item, Literal) for item in items):
        return Literal(node.plain(), node.span)
    return ListValue(items, node.span)
