"""Where a name at a place was given."""

import re

from otac.expressions.parse import uses_template
from otac.expressions.reference import NameReference, ParentParamReference
from otac.lsp import names
from otac.lsp.known import KnownTree
from otac.lsp.members import Value, loop_at, members, parent_parameters
from otac.lsp.state import State
from otac.lsp.tests import meant_at, target
from otac.lsp.tree import Spot, spot
from otac.lsp.uses import reference_at, step_at
from otac.source.document import Node, Scalar, Span

_HOOKS = frozenset(("on_failure", "on_completion", "on_crashed"))


def definition(state: State, offset: int) -> tuple[State, Span] | None:
    """The place that defines what is named at an offset, and the text that has it."""
    if state.has_tests:
        meant = meant_at(state, offset)
        there = None if meant is None else target(state, meant)
        return None if there is None else (there.state, there.span)
    span = _definition(state, offset)
    return None if span is None else (state, span)


def _definition(state: State, offset: int) -> Span | None:
    known = state.known if state.is_ours else None
    if known is None:
        return None
    found = spot(known.document.root, offset)
    if found.alias is not None:
        return _anchor(known, found.alias)
    named = step_at(known, offset)
    if named is not None:
        placed = named.placed
        return placed.node.span if placed.id is None else placed.id.span
    if found.on_key or not isinstance(found.node, Scalar):
        return None
    if uses_template(found.node.text):
        return _in_expression(state, known, found, found.node, offset)
    return _of_value(known, found, found.node.text)


def _anchor(known: KnownTree, alias: Span) -> Span | None:
    """The `&name` of a `*name`: the last one before it."""
    text = known.document.text
    name = re.escape(text[alias.start + 1 : alias.end].strip())
    pattern = re.compile(rf"(?<![^\s\[{{,])&{name}(?=[\s,\]}}]|$)")
    found = list(pattern.finditer(text, 0, alias.start))
    return Span(found[-1].start(), found[-1].end()) if found else None


def _in_expression(
    state: State, known: KnownTree, found: Spot, scalar: Scalar, offset: int
) -> Span | None:
    at = reference_at(known, scalar, offset)
    if at is None:
        return None
    reference, index = at
    if isinstance(reference, ParentParamReference) and reference.name is not None:
        return _key_of(parent_parameters(known, found.path), reference.name.text)
    if not isinstance(reference, NameReference):
        return None
    if index <= reference.end or not reference.path:
        loop = loop_at(known, found.path)
        is_item = reference.name in ("item", "index") and loop is not None
        return loop[1].key.span if is_item and loop is not None else None
    way = [segment.text for segment in reference.path if segment.start <= index]
    if not way:
        return None
    inside = members(state, known, found.path, reference.name, way[:-1])
    return _key_of(inside, way[-1])


def _key_of(found: dict[str, Value], name: str) -> Span | None:
    value = found.get(name)
    return None if value is None or value.key is None else value.key.span


def _of_value(known: KnownTree, found: Spot, text: str) -> Span | None:
    key = next((name for name in reversed(found.path) if isinstance(name, str)), "")
    scalar: Scalar | None = None
    if found.path[-2:-1] == ("injects",):
        scalar = _key(names.services(known), text)
    elif key == "use":
        scalar = _key(names.aliases(known), text)
    elif key in ("after", "runners"):
        scalar = names.runners(known).get(text)
    elif key in _HOOKS:
        scalar = _key(names.notifications(known), text)
    elif found.path[-2:-1] == ("aliases",):
        scalar = _key(names.aliases(known), text)
    return None if scalar is None else scalar.span


def _key(found: dict[str, tuple[Scalar, Node]], name: str) -> Scalar | None:
    entry = found.get(name)
    return None if entry is None else entry[0]
