"""A configuration file as a tree in which every node knows its place.

Nothing below this module knows YAML: aliases are expanded, merge keys are merged,
duplicate keys are refused, and plain scalars have YAML 1.2 core types.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from otac.source.source_text import Place, SourceText


# Where a piece of the configuration stands.
class Span(NamedTuple):
    """A range of characters of a document, `start` inclusive and `end` exclusive.

    Offsets count Unicode code points from 0 in the decoded text. `via` is the place
    where an alias (`*name`) or a merge (`<<: *name`) brought the value in, so that a
    message can show both the definition and its use; None for a value written in place.
    """

    start: int
    end: int
    via: "Span | None" = None


__all__ = [
    "Document",
    "Entry",
    "Json",
    "Mapping",
    "Node",
    "Place",
    "Rewritten",
    "Scalar",
    "ScalarValue",
    "Sequence",
]

ScalarValue: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class Rewritten(NamedTuple):
    """What the user wrote, where a scalar's text is another form of it.

    `text` is what the characters in the file decode to. `pieces` are, in order, the parts
    of the new text and what each was made of: start and end in the new text, start and end
    in `text`. Without pieces, the whole was made of the whole.
    """

    text: str
    pieces: tuple[tuple[int, int, int, int], ...] = ()

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The part of `text` that a part of the new text was made of."""
        touched = [
            piece
            for piece in self.pieces
            if piece[0] <= start < piece[1] or (start < piece[1] and piece[0] < end)
        ]
        if not touched:
            return 0, len(self.text)
        first, last = touched[0], touched[-1]
        return _within(first, start)[0], _within(last, end)[1]


def _within(piece: tuple[int, int, int, int], offset: int) -> tuple[int, int]:
    """The same offset in a part that was kept; both ends of one that was replaced."""
    new_start, new_end, old_start, old_end = piece
    if new_end - new_start != old_end - old_start:
        return old_start, old_end
    kept = old_start + min(max(offset, new_start), new_end) - new_start
    return kept, kept


class Scalar:
    """A scalar: `value` is typed, `text` is what the characters decode to.

    `style` is the character that opens the scalar in YAML: `""` for a plain one,
    a quote character, or `|` or `>` for a block. `written` is set where `text` is another
    form of what stands in the file.
    """

    __slots__ = ("end", "start", "style", "text", "value", "via", "written")

    def __init__(
        self,
        value: ScalarValue,
        text: str,
        style: str,
        start: int,
        end: int,
        via: Span | None = None,
        written: Rewritten | None = None,
    ) -> None:
        self.value = value
        self.text = text
        self.style = style
        self.start = start
        self.end = end
        self.via = via
        self.written = written

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.via)

    @property
    def shown(self) -> str:
        """The text as the user wrote it, for messages."""
        return self.text if self.written is None else self.written.text

    def plain(self) -> ScalarValue:
        """The value without positions."""
        return self.value


class Entry(NamedTuple):
    """One `key: value` of a mapping. Keys are scalars; `key.text` is the key."""

    key: Scalar
    value: "Node"


class Mapping:
    """A mapping in file order, merge keys already merged in."""

    __slots__ = ("end", "entries", "start", "via")

    def __init__(
        self, entries: dict[str, Entry], start: int, end: int, via: Span | None = None
    ) -> None:
        self.entries = entries
        self.start = start
        self.end = end
        self.via = via

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.via)

    def get(self, key: str) -> "Node | None":
        """The value under `key`, or None where the key is absent."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def plain(self) -> dict[str, Json]:
        """The value without positions."""
        return {key: entry.value.plain() for key, entry in self.entries.items()}


class Sequence:
    """A sequence."""

    __slots__ = ("end", "items", "start", "via")

    def __init__(
        self, items: list["Node"], start: int, end: int, via: Span | None = None
    ) -> None:
        self.items = items
        self.start = start
        self.end = end
        self.via = via

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.via)

    def plain(self) -> list[Json]:
        """The value without positions."""
        return [item.plain() for item in self.items]


Node: TypeAlias = Scalar | Mapping | Sequence


class Document:
    """A file that was read: its text and its tree."""

    def __init__(self, name: str, text: str, root: Node) -> None:
        self.source = SourceText(name, text)
        self.root = root

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def text(self) -> str:
        return self.source.text

    def place(self, offset: int) -> Place:
        """The line and column of a character offset."""
        return self.source.place(offset)


@contextmanager
def growing() -> Iterator[None]:
    """Keeps the garbage collector out while a tree grows, in which nothing dies.

    It would visit the whole tree again and again, at three times the cost.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
