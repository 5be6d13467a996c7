"""Events of the YAML parser -> a tree of nodes, or what is wrong with it."""

from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from otac.diagnostics.diagnostic import Diagnostic
from otac.source import mistakes, properties
from otac.source.anchors import Anchor, Copy, Merge, Open, copy_scalar
from otac.source.document import (
    Entry,
    Mapping,
    Node,
    Scalar,
    ScalarValue,
    Sequence,
    Span,
)
from otac.source.events import Events
from otac.source.properties import apply_tag, resolve

DEEPEST = 100
MOST_COPIES = 1_000_000
MOST_NODES = 5_000_000

# Stands where a value could not be made out, so that nothing is said about it again.
_UNKNOWN = Scalar(None, "", "", 0, 0)


class Builder:
    """Builds the tree of one file.

    After `run`, `roots` holds the documents, at most one unless `found` says so, and
    `notes` what aliases are still to bring in. `anchors` are what has a name so far: to
    begin with, what was given one in front of the text.
    """

    def __init__(self, text: str, anchors: dict[str, Anchor] | None = None) -> None:
        self.roots: list[Node] = []
        self.notes: list[Copy | Merge] = []
        self.found: list[Diagnostic] = []
        self._text = text
        self._stand_ins: dict[int, str] | None = None
        # The list of roots is the outermost collection, so that there always is one.
        self._open = [Open(Sequence(self.roots, 0, 0))]
        self.anchors: dict[str, Anchor] = dict(anchors or {})
        self._undefined: list[tuple[str, Span]] = []
        # Text and value of each plain scalar met: most are met again.
        self._plain: dict[str, tuple[str, ScalarValue]] = {}
        self._size = 0
        self._copies = 0
        # Where the latest node ended: a block collection ends with its last node.
        self._end = 0

    def run(self, events: Events) -> None:
        """Reads all events, or as many as the bounds of a file allow.

        Raises yaml.YAMLError at a syntax error.
        """
        next_event = events.next
        self._stand_ins = events.stand_ins
        going_on = True
        while going_on and (event := next_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                self._attach(self._scalar(event))
                if self._size > MOST_NODES:
                    at = event.start_mark.index
                    self.found.append(
                        mistakes.too_many_values(Span(at, at + 1), MOST_NODES)
                    )
                    going_on = False
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                going_on = self._start(event, kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close(event)
            elif kind is AliasEvent:
                going_on = self._alias(event)
            elif kind is DocumentStartEvent and self.roots:
                at = event.start_mark.index
                self.found.append(mistakes.second_document(Span(at, at + 3)))
                going_on = False
        anchors = {name: anchor.span for name, anchor in self.anchors.items()}
        for name, span in self._undefined:
            self.found.append(mistakes.undefined_alias(name, span, anchors))

    def open_brackets(self) -> tuple[int, ...]:
        """Where the brackets stand that are not closed yet, outermost first."""
        starts = (opened.node.start for opened in self._open[1:])
        return tuple(start for start in starts if self._text[start] in "[{")

    def latest(self) -> Scalar | None:
        """The scalar that was read last, unless an empty collection came after it."""
        opened = self._open[-1]
        node: Node = opened.key or opened.node
        while not isinstance(node, Scalar):
            inside = node.items if isinstance(node, Sequence) else list(node)
            if not inside:
                return None
            last = inside[-1]
            node = last.value if isinstance(last, Entry) else last
        return node

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        start: int = event.start_mark.index
        end: int = event.end_mark.index
        style: str = event.style or ""
        self._size += 1
        self._end = end
        if self._stand_ins is not None:
            text = text.translate(self._stand_ins)
        if style:
            node = Scalar(text, text, style, start, end)
            if style in "|>":
                # Not to the start of the next token, which may be far away.
                trimmed = self._text[start:end].rstrip(" \t\n")
                node.end = self._end = start + len(trimmed)
        else:
            known = self._plain.get(text)
            if known is None:
                known = self._plain[text] = (text, resolve(text))
            node = Scalar(known[1], known[0], "", start, end)
        if event.anchor is not None or event.tag is not None:
            is_empty = not text and not style
            node.start = end if is_empty else properties.skip(self._text, start)
            self._read_properties(event, node)
        return node

    def _read_properties(self, event: Any, node: Node) -> Anchor | None:
        """Takes note of the node's anchor, which it returns, and of its tag."""
        start: int = event.start_mark.index
        if event.tag is not None:
            mistake = apply_tag(event.tag, node, properties.tag_span(self._text, start))
            if mistake is not None:
                self.found.append(mistake)
        if event.anchor is None:
            return None
        span = properties.anchor_span(self._text, start)
        complete = node if isinstance(node, Scalar) else None
        anchor = Anchor(span, complete, size=1, height=0)
        self.anchors[event.anchor] = anchor
        return anchor

    def _start(self, event: Any, is_mapping: bool) -> bool:
        start: int = event.start_mark.index
        if len(self._open) > DEEPEST:
            self.found.append(mistakes.too_deep(Span(start, start + 1), DEEPEST))
            return False
        node: Mapping | Sequence
        node = Mapping({}, start, start) if is_mapping else Sequence([], start, start)
        anchor = None
        if event.anchor is not None or event.tag is not None:
            node.start = properties.skip(self._text, start)
            anchor = self._read_properties(event, node)
        parent = self._open[-1]
        is_key = parent.key is None and type(parent.node) is Mapping
        self._open.append(Open(node, anchor, self._size, is_key))
        self._size += 1
        return True

    def _close(self, event: Any) -> None:
        opened = self._open.pop()
        node = opened.node
        end: int = event.end_mark.index
        # Only a bracket has a width; the end of a block collection is noticed at the
        # start of whatever follows.
        if end > event.start_mark.index:
            self._end = end
        node.end = self._end
        level = len(self._open)
        deepest = max(level, opened.deepest)
        parent = self._open[-1]
        parent.deepest = max(parent.deepest, deepest)
        if opened.anchor is not None:
            opened.anchor.node = node
            opened.anchor.size = self._size - opened.size
            opened.anchor.height = deepest - level + 1
        self._attach(node)

    def _alias(self, event: Any) -> bool:
        """Attaches what the alias names; False where it brings in more than allowed."""
        name: str = event.anchor
        use = Span(event.start_mark.index, event.end_mark.index)
        self._end = use.end
        anchor = self.anchors.get(name)
        if anchor is None:
            self._undefined.append((name, use))
            self._attach(_UNKNOWN)
            return True
        if anchor.node is None:
            self.found.append(mistakes.recursive_alias(name, use, anchor.span))
            self._attach(_UNKNOWN)
            return True
        self._size += anchor.size
        self._copies += anchor.size
        if self._copies > MOST_COPIES:
            self.found.append(mistakes.too_many_copies(use, MOST_COPIES))
            return False
        opened = self._open[-1]
        deepest = len(self._open) - 1 + anchor.height
        if deepest > DEEPEST:
            self.found.append(mistakes.too_deep(use, DEEPEST, by_alias=True))
            return False
        opened.deepest = max(opened.deepest, deepest)
        if isinstance(anchor.node, Scalar):
            self._attach(copy_scalar(anchor.node, use), use)
        else:
            self._attach(anchor.node, use)
        return True

    def _attach(self, node: Node, use: Span | None = None) -> None:
        """Puts a node where it belongs; `use` is the alias that named it, if one did."""
        opened = self._open[-1]
        holder = opened.node
        if type(holder) is Sequence:
            if use is not None:
                self._copy_later(holder, len(holder.items), node, use)
            holder.items.append(node)
            return
        assert type(holder) is Mapping
        key = opened.key
        if key is None:
            opened.key = self._key(node, opened)
            return
        opened.key = None
        entries = holder.entries
        name = key.text
        if name == "<<" and not key.style:
            self._merge(key, node, use, opened, holder)
        elif name in entries:
            if key is not _UNKNOWN and not opened.restarts:
                first = entries[name].key
                opened.restarts = len(self._open) > 2 and self._restarts(first, holder)
                self.found.append(mistakes.duplicate_key(key, first, opened.restarts))
        elif key is not _UNKNOWN:
            if use is not None:
                self._copy_later(holder, name, node, use)
            entries[name] = Entry(key, node)

    def _restarts(self, first: Scalar, holder: Mapping) -> bool:
        """Whether a key that comes again began an item of a block list.

        Then a dash is missing, and all that follows is another item.
        """
        is_item = type(self._open[-2].node) is Sequence
        return (
            is_item and first.start == holder.start and self._text[first.start] != "{"
        )

    def _copy_later(
        self, holder: Mapping | Sequence, slot: str | int, node: Node, use: Span
    ) -> None:
        if not isinstance(node, Scalar):
            self.notes.append(Copy(holder, slot, node, use))

    def _key(self, node: Node, opened: Open) -> Scalar:
        if isinstance(node, Scalar):
            return node
        # A key inside a key is the same mistake once more.
        if not opened.is_key:
            # Its patterns are for files with mistakes only.
            from otac.source.syntax import template

            start = opened.node.start
            self.found.append(
                template.unquoted(self._text, start)
                if template.opens(self._text, start)
                else mistakes.key_is_no_text(node.span)
            )
        return _UNKNOWN

    def _merge(
        self,
        key: Scalar,
        value: Node,
        use: Span | None,
        opened: Open,
        mapping: Mapping,
    ) -> None:
        if opened.merge is not None:
            self.found.append(mistakes.duplicate_key(key, opened.merge))
            return
        opened.merge = key
        sources = value.items if isinstance(value, Sequence) else [value]
        if all(type(source) is Mapping for source in sources):
            self.notes.append(Merge(mapping, len(mapping.entries), value, use))
        elif _UNKNOWN not in sources:
            self.found.append(mistakes.bad_merge(value, use))
