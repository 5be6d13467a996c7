"""The places of words for which Jinja's tree keeps none, found among the tokens."""

from typing import TypeAlias

from jinja2 import nodes

from otac.expressions.reference import Path, Segment
from otac.expressions.tokens import Tokens

Called: TypeAlias = nodes.Call | nodes.Filter | nodes.Test
"""What takes arguments."""


def constant(tokens: Tokens, node: nodes.Node | None) -> Segment | None:
    """A constant text; `'a' 'b'` is one constant of two tokens."""
    if not isinstance(node, nodes.Const) or not isinstance(node.value, str):
        return None
    pieces = tokens.pieces
    last = first = tokens.index(node.lineno - 1)
    while pieces[last + 1].kind == "string":
        last += 1
    return Segment(node.value, pieces[first].start + 1, pieces[last].end - 1)


def attribute_of(tokens: Tokens, node: nodes.Getattr | nodes.Getitem) -> Segment | None:
    """The `queue` of `params.queue` or `params['queue']`; None if it is computed."""
    if isinstance(node, nodes.Getitem):
        return constant(tokens, node.arg)
    dot = tokens.index(node.lineno - 1)
    start, end, _, text = tokens.pieces[dot + 1]
    return Segment(text, start, end)


def filter_name(tokens: Tokens, node: nodes.Filter) -> tuple[int, int]:
    """The `length` of `x | length`."""
    return _dotted(tokens, node.name, tokens.index(node.lineno - 1))


def test_name(tokens: Tokens, node: nodes.Test) -> tuple[int, int]:
    """The `defined` of `x is defined` or `x is not defined`."""
    first = tokens.index(node.lineno - 1) + 1
    negated = tokens.pieces[first].text == "not"
    return _dotted(tokens, node.name, first + negated)


def keywords_of(tokens: Tokens, node: Called) -> Path:
    """The names before `=` in the arguments of a call, a filter or a test."""
    if not node.kwargs:
        return ()
    found = []
    depth = 0
    pieces = tokens.pieces
    for index in range(tokens.index(node.lineno - 1), len(pieces)):
        start, end, kind, text = pieces[index]
        if kind == "operator" and text in "([{":
            depth += 1
        elif kind == "operator" and text in ")]}":
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and kind == "name" and pieces[index + 1].text == "=":
            found.append(Segment(text, start, end))
    return tuple(found)


def _dotted(tokens: Tokens, name: str, first: int) -> tuple[int, int]:
    """The place of a name that begins at token `first`; it can have dots."""
    pieces = tokens.pieces
    return pieces[first].start, pieces[first + 2 * name.count(".")].end
