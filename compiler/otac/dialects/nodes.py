"""Nodes of the canonical tree, made of those that the user wrote."""

from collections.abc import Iterable

from otac.diagnostics.edit import How, Reshaping
from otac.diagnostics.question import PossibleAnswer
from otac.source.document import Entry, Mapping, Node, Rewritten, Scalar, ScalarValue
from otac.source.span import Span

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
