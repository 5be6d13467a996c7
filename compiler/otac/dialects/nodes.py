"""Nodes of the canonical tree, made of those that the user wrote."""

import re
from collections.abc import Iterable

from otac.diagnostics.edit import How, Reshaping
from otac.diagnostics.question import PossibleAnswer
from otac.source.document import (
    Entry,
    Mapping,
    Node,
    Rewritten,
    Scalar,
    ScalarValue,
    Sequence,
    Span,
)
from otac.source.properties import resolve

Entries = dict[str, Entry]


def renamed(key: Scalar, name: str) -> Scalar:
    """A key or a name under today's name, at its place."""
    if key.text == name:
        return key
    return replaced(key, name)


def replaced(scalar: Scalar, value: ScalarValue) -> Scalar:
    """Another value at the place of a scalar; messages show what stands there."""
    return made(value, scalar, scalar.shown)


def made(
    value: ScalarValue, at: Node, shown: str | None = None, style: str | None = None
) -> Scalar:
    """A scalar that nobody wrote, at the place of what it was made of.

    Without a `style`, it has that of a scalar there.
    """
    text = value if isinstance(value, str) else str(value)
    written = Rewritten(text if shown is None else shown)
    if style is None:
        style = at.style if isinstance(at, Scalar) else ""
    return Scalar(value, text, style, at.start, at.end, at.via, written)


def entry(key: Scalar, name: str, value: Node) -> dict[str, Entry]:
    """One entry of a mapping, the user's key under today's name."""
    return {name: Entry(renamed(key, name), value)}


def added(name: str, value: Node, at: Node) -> dict[str, Entry]:
    """One entry that the user did not write, at the place of what it was made of."""
    return {name: Entry(made(name, at), value)}


def mapping(entries: Entries, at: Node) -> Mapping:
    """A mapping at the place of another node."""
    return Mapping(entries, at.start, at.end, at.via)


def dropping(one: Entry | Node, answer: str, meaning: str = "") -> PossibleAnswer:
    """The answer to a question that takes an entry, or an item of a list, out of the file."""
    first, last = (one.key, one.value) if isinstance(one, Entry) else (one, one)
    span = Span(first.start, last.end)
    return PossibleAnswer(answer, meaning, (Reshaping(How.NO_LINES, span),))


def entry_after(node: Mapping, word: str) -> Reshaping:
    """The change that adds an entry behind the last one of a mapping that has some."""
    key, value = list(node)[-1]
    return Reshaping(How.BESIDE, value.span, word, other=key.span)


def without(node: Mapping, names: Iterable[str]) -> Entries:
    """The entries of a mapping but those of some names."""
    left_out = frozenset(names)
    return {key: entry for key, entry in node.entries.items() if key not in left_out}


# `10_000`: a number to the parser that read these files, a text in YAML 1.2.
_GROUPED = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)+", re.ASCII)


def read_integers(root: Node) -> None:
    """Give unquoted numbers with underscores their value, in place."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
        elif isinstance(node, Sequence):
            pending.extend(node.items)
        elif is_grouped(node):
            node.value = resolve(node.text.replace("_", ""))


def is_grouped(scalar: Scalar) -> bool:
    """Whether a scalar is an unquoted number with underscores."""
    return not scalar.style and _GROUPED.fullmatch(scalar.text) is not None


# `queue.name: x`, which stood for nested keys.
# The parameters that may have them.
_PARAMETERS = frozenset(
    ("ticket_search_criteria", "search_criteria", "updated_ticket", "new_ticket")
)


def nest_dotted_keys(root: Node) -> None:
    """Nest the dotted keys of search criteria and tickets, in place."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node.items)
        elif isinstance(node, Mapping):
            for key, entry in list(node.entries.items()):
                if key in _PARAMETERS:
                    node.entries[key] = Entry(entry.key, nested(entry.value))
                else:
                    pending.append(entry.value)


def nested(node: Node) -> Node:
    """`queue.name: x` as `queue: {name: x}`, at any depth of mappings."""
    if not isinstance(node, Mapping):
        return node
    entries: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        first, dot, rest = key.partition(".")
        value = nested(entry.value)
        if not (first and dot and rest) or "{{" in key:
            entries[key] = Entry(entry.key, value)
            continue
        inner = nested(mapping({rest: Entry(replaced(entry.key, rest), value)}, value))
        held = entries.get(first)
        if held is not None and isinstance(held.value, Mapping):
            assert isinstance(inner, Mapping)
            inner = mapping({**held.value.entries, **inner.entries}, held.value)
        entries[first] = Entry(replaced(entry.key, first), inner)
    return mapping(entries, node)
