"""A text in two ways: as a whole, and a few items of a block list in it anew."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from otac.source.anchors import Anchor, expand
from otac.source.builder import Builder
from otac.source.document import Mapping, Node, Scalar, Sequence, Span, growing
from otac.source.events import Events, parse

_KEY = "x"


class Whole(NamedTuple):
    """The tree of a text, and what has a name in it."""

    root: Node
    anchors: dict[str, Anchor]


class Items(NamedTuple):
    """Some items of a list. `end` is where the last one ends.

    `stop` is the start of the line that was not read any more. `closes` tells that the
    list ends there, and `names` that an item has an anchor.
    """

    items: list[Node]
    end: int
    stop: int
    closes: bool
    names: bool


def read_whole(text: str) -> Whole | None:
    """The tree of a text; None where it is none, without saying why."""
    builder = Builder(text)
    with growing():
        if not _ran(builder, parse(text)) or not builder.roots:
            return None
        root = builder.roots[0]
        if isinstance(root, Scalar) and not root.text and not root.style:
            return None
        expand(builder.notes)
    return Whole(root, builder.anchors)


def read_items(
    text: str,
    start: int,
    key_column: int,
    known: frozenset[int],
    anchors: dict[str, Anchor],
) -> Items | None:
    """The items of a block list from the line at `start` to one that is `known`.

    The list is the value of a key that stands at `key_column` further up, and `known` are
    the starts of lines at which items begin that need not be read. `anchors` are what
    has a name further up. None where this is no YAML: a parser that was given all of the
    text would stop at the same place.
    """
    # The parser must be in the state in which it would come to this line.
    above = f"{' ' * key_column}{_KEY}:\n"
    shift = start - len(above)
    part = above + text[start:]
    events = parse(part)
    until = _Until(events, part, frozenset(one - shift for one in known))
    builder = Builder(part, anchors)
    with growing():
        if not _ran(builder, Events(until.next, events.stand_ins)):
            return None
        if until.stop is None or not builder.roots:
            return None
        expand(builder.notes)
    found = cast(Mapping, builder.roots[0]).get(_KEY)
    if not isinstance(found, Sequence):
        return None
    for item in found.items:
        for node in nodes(item):
            move(node, shift)
    names = any(anchors.get(name) is not one for name, one in builder.anchors.items())
    stop = until.stop + shift
    return Items(found.items, found.end + shift, stop, until.closes, names)


def nodes(root: Node) -> Iterator[Node]:
    """A node and all nodes in it, keys included."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Mapping):
            for key, value in node.entries.values():
                yield key
                pending.append(value)
        elif isinstance(node, Sequence):
            pending += node.items


def move(node: Node, shift: int) -> None:
    """Says that the characters of a node stand further down by so many.

    Of one that an alias brought in, the alias does: what it names stays where it is.
    """
    if node.via is None:
        node.start += shift
        node.end += shift
    else:
        node.via = Span(node.via.start + shift, node.via.end + shift)


def _ran(builder: Builder, events: Events) -> bool:
    try:
        builder.run(events)
    except yaml.YAMLError:
        return False
    return not builder.found


class _Until:
    """The events of a list up to an item that is known, or to its end."""

    def __init__(self, events: Events, text: str, known: frozenset[int]) -> None:
        self.stop: int | None = None
        self.closes = False
        self._next = events.next
        self._text = text
        self._known = known
        self._depth = 0
        self._closing: list[Any] = []

    def next(self) -> Any:
        if self.stop is not None:
            return self._closing.pop() if self._closing else None
        event = self._next()
        kind = type(event)
        if self._depth == 2:
            self.closes = kind is SequenceEndEvent
            line = self._line(event.start_mark.index)
            if self.closes or line in self._known:
                self.stop = line
                self._closing = [MappingEndEvent(event.start_mark, event.start_mark)]
                return SequenceEndEvent(event.start_mark, event.start_mark)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            self._depth += 1
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._depth -= 1
        return event

    def _line(self, at: int) -> int:
        """Where the line begins of something that nothing stands in front of."""
        start = self._text.rfind("\n", 0, at) + 1
        return start if at < len(self._text) else at
