"""Ways through a tree: from the root to a node, and from an offset to its node."""

from typing import NamedTuple, TypeAlias

from otac.source.document import Entry, Mapping, Node, Scalar, Sequence, Span

Path: TypeAlias = tuple[str | int, ...]


class Spot(NamedTuple):
    """What stands at an offset.

    `path` leads to the value; `entry` is the nearest `key: value` around it. `on_key`
    tells that the offset is in that key. `alias` is set where it is in a `*name`.
    """

    path: Path
    node: Node
    entry: Entry | None
    on_key: bool
    alias: Span | None


def spot(root: Node, offset: int) -> Spot:
    """The innermost thing at an offset."""
    node = root
    entry: Entry | None = None
    here: Path = ()
    while True:
        step = _step(node, offset)
        if step is None:
            return Spot(here, node, entry, False, None)
        name, inner, found, on_key = step
        here = (*here, name) if name is not None else here
        entry = found or entry
        if on_key:
            return Spot(here, inner, entry, True, None)
        if inner.via is not None:
            return Spot(here, inner, entry, False, inner.via)
        if isinstance(inner, Scalar):
            return Spot(here, inner, entry, False, None)
        node = inner


def at(root: Node, path: Path) -> Node | None:
    """The node at the end of a path."""
    node: Node | None = root
    for name in path:
        if isinstance(node, Mapping) and isinstance(name, str):
            node = node.get(name)
        elif isinstance(node, Sequence) and isinstance(name, int):
            node = node.items[name] if name < len(node.items) else None
        else:
            return None
    return node


def text_of(node: Node | None) -> str | None:
    """The text of a scalar that is one."""
    return (
        node.text if isinstance(node, Scalar) and isinstance(node.value, str) else None
    )


_Step: TypeAlias = tuple[str | int | None, Node, Entry | None, bool]


def _step(node: Node, offset: int) -> _Step | None:
    if isinstance(node, Mapping):
        for entry in node:
            if entry.key.via is not None:
                if _holds(entry.key.via, offset):
                    # A merge: no key of this mapping's own.
                    return None, entry.key, None, False
                continue
            if _holds(entry.key.span, offset):
                return entry.key.text, entry.value, entry, True
            if _holds(entry.value.via or entry.value.span, offset):
                return entry.key.text, entry.value, entry, False
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            if _holds(item.via or item.span, offset):
                return index, item, None, False
    return None


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end
