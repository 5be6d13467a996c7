"""Where a name at a place was given."""

import re

from otac.expressions.parse import uses_template
from otac.expressions.reference import NameReference
from otac.lsp import names
from otac.lsp.known import Known
from otac.lsp.outline import parameters_of
from otac.lsp.state import State
from otac.lsp.tree import Spot, spot
from otac.lsp.uses import reference_at, step_at
from otac.source.document import Node, Scalar
from otac.source.span import Span

_HOOKS = frozenset(("on_failure", "on_completion", "on_crashed"))


def definition(state: State, offset: int) -> Span | None:
    """The place that defines what is named at an offset."""
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
        return _in_expression(known, found, found.node, offset)
    return _of_value(known, found, found.node.text)


def _anchor(known: Known, alias: Span) -> Span | None:
    """The `&name` of a `*name`: the last one before it."""
    text = known.document.text
    name = re.escape(text[alias.start + 1 : alias.end].strip())
    pattern = re.compile(rf"(?<![^\s\[{{,])&{name}(?=[\s,\]}}]|$)")
    found = list(pattern.finditer(text, 0, alias.start))
    return Span(found[-1].start(), found[-1].end()) if found else None


def _in_expression(
    known: Known, found: Spot, scalar: Scalar, offset: int
) -> Span | None:
    at = reference_at(known, scalar, offset)
    if at is None or not isinstance(at[0], NameReference):
        return None
    reference = at[0]
    if not reference.path:
        return None
    name = reference.path[0].text
    placed = known.outline.step_of(found.path)
    if reference.name == "params" and placed is not None:
        parameter = names.flow_parameters(known, placed.runner).get(name)
        if parameter is not None:
            return parameter[0].span
    if reference.name in ("params", "config"):
        around = known.outline.list_of(found.path)
        for key in parameters_of(around[0].composite) if around else ():
            if key.text == name:
                return key.span
    return None


def _of_value(known: Known, found: Spot, text: str) -> Span | None:
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
