"""Anchors, and what their aliases bring in: copies of values, and merged entries.

While the file is read, an alias of a collection only leaves a note of what belongs where,
so that the size and depth of the result are known, by adding up, before one node of it
is made.
"""

from typing import NamedTuple

from otac.source.document import Entry, Mapping, Node, Scalar, Sequence, Span


class Anchor:
    """A value with a name. `node` is None as long as the value is still being read.

    `size` counts its nodes and `height` its levels, both with aliases expanded.
    """

    __slots__ = ("height", "node", "size", "span")

    def __init__(self, span: Span, node: Node | None, size: int, height: int) -> None:
        self.span = span
        self.node = node
        self.size = size
        self.height = height


class Copy(NamedTuple):
    """A place that wants a copy of `target`, which an alias at `use` named."""

    holder: Mapping | Sequence
    slot: str | int
    target: Node
    use: Span


class Merge(NamedTuple):
    """A `<<` of `mapping`, behind its first `place` entries of its own.

    `value` is a mapping or a list of them. `use` is None where it stands in place.
    """

    mapping: Mapping
    place: int
    value: Node
    use: Span | None


def expand(notes: list[Copy | Merge]) -> None:
    """Puts every copy into its place; the notes come in the order of the file.

    That order has everything inside a target complete before the target is copied.
    """
    for note in notes:
        if isinstance(note, Merge):
            _merge(note)
            continue
        holder, slot, target, use = note
        node = copy(target, use)
        if isinstance(holder, Mapping):
            assert isinstance(slot, str)
            holder.entries[slot] = Entry(holder.entries[slot].key, node)
        else:
            assert isinstance(slot, int)
            holder.items[slot] = node


def copy(node: Node, use: Span) -> Node:
    """The node as it came in through an alias at `use`.

    Calls itself no deeper than a file may nest.
    """
    if isinstance(node, Scalar):
        return copy_scalar(node, use)
    if isinstance(node, Sequence):
        items = [copy(item, use) for item in node.items]
        return Sequence(items, node.start, node.end, use)
    entries = {name: _copy_entry(entry, use) for name, entry in node.entries.items()}
    return Mapping(entries, node.start, node.end, use)


def copy_scalar(node: Scalar, use: Span) -> Scalar:
    """The scalar as it came in through an alias at `use`."""
    return Scalar(node.value, node.text, node.style, node.start, node.end, use)


def _copy_entry(entry: Entry, use: Span) -> Entry:
    return Entry(copy_scalar(entry.key, use), copy(entry.value, use))


def _merge(note: Merge) -> None:
    """The mapping's own entries win wherever `<<` stands, then the earlier source."""
    own = note.mapping.entries
    merged: dict[str, Entry] = {}
    sources = note.value.items if isinstance(note.value, Sequence) else [note.value]
    for source in sources:
        assert isinstance(source, Mapping)
        for name, entry in source.entries.items():
            if name not in own and name not in merged:
                use = note.use
                merged[name] = entry if use is None else _copy_entry(entry, use)
    entries = list(own.items())
    entries[note.place : note.place] = merged.items()
    note.mapping.entries = dict(entries)


# A collection while it is being read.
class Open:
    """A collection that is still being read.

    `key` waits for its value; `merge` is its `<<`, once met. `size` is what had been
    counted before the collection, `deepest` the deepest level met inside. `is_key` says
    that it stands in place of a key, `restarts` that a second item begins in it.
    """

    __slots__ = (
        "anchor",
        "deepest",
        "is_key",
        "key",
        "merge",
        "node",
        "restarts",
        "size",
    )

    def __init__(
        self,
        node: Mapping | Sequence,
        anchor: Anchor | None = None,
        size: int = 0,
        is_key: bool = False,
    ) -> None:
        self.node = node
        self.anchor = anchor
        self.size = size
        self.is_key = is_key
        self.key: Scalar | None = None
        self.merge: Scalar | None = None
        self.deepest = 0
        self.restarts = False
