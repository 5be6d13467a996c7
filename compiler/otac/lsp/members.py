"""What the names of an expression have inside: `config.tone`, `item.queue.name`."""

from collections.abc import Iterable
from typing import NamedTuple

from otac.check.result_types import SOLE_LOOKUP
from otac.expressions.parse import parse
from otac.expressions.reference import StepReference
from otac.lsp import names
from otac.lsp.keys import Rule, fields, item_of
from otac.lsp.known import KnownTree, step_named
from otac.lsp.outline import Placed, parameters_of
from otac.lsp.results import results_of
from otac.lsp.state import State
from otac.lsp.tree import Path, text_of
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

OWNERS = ("params", "config", "parent", "item")


class Value(NamedTuple):
    """What is known of a value: how it is written, or what a rule says of it.

    `key` is where it has its name.
    """

    node: Node | None = None
    rule: Rule | None = None
    key: Scalar | None = None


def members(
    state: State, known: KnownTree, path: Path, owner: str, inside: Iterable[str | int]
) -> dict[str, Value]:
    """What can follow `owner` and the keys `inside`, in an expression at a path."""
    steps = list(inside)
    found: dict[str, Value]
    match owner:
        case "params":
            found = _flow_parameters(known, path)
        case "config":
            found = _config(known, path, 0)
        case "parent":
            depth = 1
            while steps[:1] == ["parent"]:
                depth, steps = depth + 1, steps[1:]
            if steps[:1] != ["params"]:
                return {} if steps else {"params": Value(), "parent": Value()}
            found, steps = _config(known, path, depth), steps[1:]
        case "item":
            found = _inside(_item(state, known, path))
        case _:
            return {}
    if not steps:
        return found
    value = found.get(str(steps[0]), Value())
    for step in steps[1:]:
        value = _follow(value, step)
    return _inside(value)


def members_of_result(
    state: State,
    known: KnownTree,
    path: Path,
    step: str,
    inside: Iterable[str | int],
) -> dict[str, Value]:
    """What can follow `get_pipe_result(step)` and some keys and positions."""
    value = _result(state, known, path, step)
    for one in inside:
        value = _follow(value, one)
    return _inside(value)


def parent_parameters(known: KnownTree, path: Path) -> dict[str, Value]:
    """What `get_parent_param` can be asked for, the nearest first."""
    found: dict[str, Value] = {}
    around = known.outline.list_of(path)
    listed = None if around is None else around[0]
    while listed is not None:
        if listed.path[-1:] != ("pipe",):
            outer = _entries(parameters_of(listed.composite))
            found |= {name: one for name, one in outer.items() if name not in found}
        if listed.parent is None:
            break
        listed = known.outline.list_around(listed.parent, path)
    return found


def loop_at(known: KnownTree, path: Path) -> tuple[Placed, Entry] | None:
    """The nearest `for_each` around a place: whose `item` is meant there."""
    part = known.outline.part_of(path)
    around = [
        one
        for one in (() if part is None else part.steps)
        if path[: len(one.path)] == one.path
    ]
    for placed in sorted(around, key=lambda one: -len(one.path)):
        entry = placed.node.entries.get("for_each")
        here = path[len(placed.path) : len(placed.path) + 1]
        if entry is not None and here != ("for_each",):
            return placed, entry
    return None


def _flow_parameters(known: KnownTree, path: Path) -> dict[str, Value]:
    part = known.outline.part_of(path)
    if part is None:
        return {}
    runner = part.runner
    found = {
        name: Value(node, None, key)
        for name, (key, node) in names.flow_parameters(known, runner.number).items()
    }
    pipe = runner.node.get("pipe")
    if isinstance(pipe, Mapping) and "parameters" not in runner.node.entries:
        found |= _entries(parameters_of(pipe))
    return found


def _config(known: KnownTree, path: Path, depth: int) -> dict[str, Value]:
    """The parameters of the composite around a place, or of one further out."""
    around = known.outline.list_of(path)
    listed = None if around is None else around[0]
    for _ in range(depth):
        if listed is None or listed.parent is None:
            return {}
        listed = known.outline.list_around(listed.parent, path)
    if listed is None or listed.path[-1:] == ("pipe",):
        return {}
    return _entries(parameters_of(listed.composite))


def _item(state: State, known: KnownTree, path: Path) -> Value:
    loop = loop_at(known, path)
    if loop is None:
        return Value()
    placed, entry = loop
    return _follow(_written(state, known, (*placed.path, "for_each"), entry.value), 0)


def _written(state: State, known: KnownTree, path: Path, node: Node) -> Value:
    """A value, and what it is a lookup of where it is one."""
    text = text_of(node)
    if text is None or SOLE_LOOKUP.fullmatch(text) is None:
        return Value(node)
    for reference in parse(text).references:
        if isinstance(reference, StepReference) and reference.step is not None:
            if reference.computed_key or reference.has_default:
                return Value()
            value = _result(state, known, path, reference.step.text)
            if reference.key is not None:
                value = _follow(value, reference.key.text)
            elif value.rule is None or item_of(value.rule) is None:
                value = _follow(value, "value")
            for segment in reference.path:
                value = _follow(value, segment.text)
            return value
        owner = getattr(reference, "name", None)
        if owner in ("item", "params"):
            *way, last = (segment.text for segment in getattr(reference, "path", ()))
            return members(state, known, path, str(owner), way).get(last, Value())
    return Value()


def _result(state: State, known: KnownTree, path: Path, step: str) -> Value:
    placed = step_named(known, path, step)
    if placed is None:
        return Value()
    found = results_of(state, known, text_of(placed.node.get("use")), placed.path)
    properties = {name: rule.schema for name, rule in found.items()}
    root = next((rule.root for rule in found.values()), {})
    rule = Rule({"properties": properties}, root)
    if "for_each" in placed.node.entries:
        rule = Rule({"items": rule.schema}, root)
    return Value(None, rule)


def _follow(value: Value, step: str | int) -> Value:
    if isinstance(step, str):
        return _inside(value).get(step, Value())
    if isinstance(value.node, Sequence):
        return Value(value.node.items[0] if value.node.items else None)
    return Value(None, None if value.rule is None else item_of(value.rule))


def _inside(value: Value) -> dict[str, Value]:
    if isinstance(value.node, Mapping):
        return _entries(value.node)
    if value.rule is None:
        return {}
    return {name: Value(None, rule) for name, rule in fields(value.rule).items()}


def _entries(entries: Iterable[Entry]) -> dict[str, Value]:
    return {entry.key.text: Value(entry.value, None, entry.key) for entry in entries}
