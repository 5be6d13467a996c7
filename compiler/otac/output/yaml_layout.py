"""Where the pieces of an existing `prefect.yaml` stand, in whole lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from otac.output.yaml_events import EventKind, YamlEvent, read

_DASH = re.compile(r"( *)-[ \t]*")
_LONE_DASH = re.compile(r"( *)-[ \t]*(?:#.*)?")

Signature: TypeAlias = tuple[tuple[object, ...], ...]


class Unsplicable(Exception):
    """The text is YAML in a form that cannot be changed in place; the message says why."""


@dataclass(frozen=True, slots=True)
class LayoutPiece:
    """One `key: value` of the root, or one item of `deployments`.

    `name` is the key, or the item's `name`; None where that is no scalar. `start` and
    `end` enclose its lines up to the last one with content; `start` is -1 where it shares
    a line with something else. `opening` is the offset behind the key. `after` is where
    the next piece may be put, behind line breaks that belong to its text.
    """

    name: str | None
    start: int
    end: int
    after: int
    indent: int
    opening: int
    events: tuple[YamlEvent, ...]

    @property
    def signature(self) -> Signature:
        """What the piece says, without its place."""
        return _signature(self.events)


@dataclass(frozen=True, slots=True)
class PrefectLayout:
    """A `prefect.yaml`. `bottom` is where a further key of the root may be put."""

    keys: tuple[LayoutPiece, ...]
    items: tuple[LayoutPiece, ...]
    indent: int
    bottom: int


def layout(text: str) -> PrefectLayout:
    """The pieces of `text`, which has no byte order mark.

    Raises Unreadable, and Unsplicable for a root that is not one `key: value` a line.
    """
    events, bottom = read(text)
    bottom = _line_start(text, bottom) if bottom < len(text) else bottom
    if not events or (events[0].kind is EventKind.SCALAR and not _width(events[0])):
        return PrefectLayout((), (), 0, bottom)
    if events[0].kind is not EventKind.MAPPING or events[0].flow:
        raise Unsplicable("it is not a mapping in block style, one `key: value` a line")
    _refuse_alias(events, events[0])
    keys: list[LayoutPiece] = []
    items: list[LayoutPiece] = []
    at = 1
    while events[at].kind is not EventKind.END:
        key, value = events[at], _next(events, at)
        after = _next(events, value)
        line = _key_line(text, key.start)
        keys.append(_piece(text, key.value, events[at:after], key.end, line))
        if key.value == "deployments" and events[value].kind is EventKind.LIST:
            items += _items(text, events, value + 1)
        at = after
    return PrefectLayout(tuple(keys), tuple(items), keys[0].indent, bottom)


def _refuse_alias(events: list[YamlEvent], whole: YamlEvent) -> None:
    """What is put into the root would appear wherever an alias stands for it, too."""
    is_alias = (
        one.kind is EventKind.ALIAS and one.anchor == whole.anchor for one in events
    )
    if whole.anchor is not None and any(is_alias):
        raise Unsplicable(f"`*{whole.anchor}` stands for the whole file")


def rendered(lines: Sequence[str]) -> Signature:
    """The signature of a single key or item written by otac."""
    return _signature(read("\n".join([*lines, ""])).events[1:-1])


def _items(text: str, events: list[YamlEvent], at: int) -> list[LayoutPiece]:
    pieces = []
    while events[at].kind is not EventKind.END:
        after = _next(events, at)
        item = events[at:after]
        line = _dash_line(text, item[0].start)
        pieces.append(_piece(text, _name(item), item, item[0].start, line))
        at = after
    return pieces


def _piece(
    text: str,
    name: str | None,
    events: list[YamlEvent],
    opening: int,
    line: tuple[int, int] | None,
) -> LayoutPiece:
    start, indent = line or (-1, 0)
    last = _content_end(events)
    trimmed = last
    while trimmed > opening and text[trimmed - 1] in " \t\r\n":
        trimmed -= 1
    end = text.find("\n", trimmed) + 1 or len(text)
    rest = text[trimmed:end].strip()
    if rest and not rest.startswith("#"):
        start = -1
    after = last if last > end and text[last - 1] == "\n" else end
    return LayoutPiece(name, start, end, after, indent, opening, tuple(events))


def _content_end(events: list[YamlEvent]) -> int:
    """Where the last content ends; a block collection's own end is beyond comments."""
    flow: list[bool] = []
    end = 0
    for event in events:
        if event.kind in (EventKind.MAPPING, EventKind.LIST):
            flow.append(event.flow)
        if event.kind is not EventKind.END or flow.pop():
            end = event.end
    return end


def _key_line(text: str, offset: int) -> tuple[int, int] | None:
    """The start of the line and the indentation of a key that begins its line."""
    start = _line_start(text, offset)
    return None if text[start:offset].strip(" ") else (start, offset - start)


def _dash_line(text: str, offset: int) -> tuple[int, int] | None:
    """The same for the dash of an item; comments may stand between the two."""
    start = _line_start(text, offset)
    if found := _DASH.fullmatch(text, start, offset):
        return start, len(found[1])
    while start > 0:
        end, start = start - 1, _line_start(text, start - 1)
        if found := _LONE_DASH.fullmatch(text[start:end].rstrip("\r")):
            return start, len(found[1])
    return None


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _width(event: YamlEvent) -> int:
    return event.end - event.start


def _next(events: list[YamlEvent], at: int) -> int:
    """The index behind the node that begins at `at`."""
    depth = 0
    while True:
        kind = events[at].kind
        at += 1
        if kind is EventKind.END:
            depth -= 1
        elif kind in (EventKind.MAPPING, EventKind.LIST):
            depth += 1
        if depth == 0:
            return at


def _name(item: list[YamlEvent]) -> str | None:
    """The last `name` of a mapping, as PyYAML takes it."""
    name = None
    if item[0].kind is EventKind.MAPPING:
        at = 1
        while item[at].kind is not EventKind.END:
            value = _next(item, at)
            if item[at].value == "name":
                name = item[value].value
            at = _next(item, value)
    return name


def _signature(events: Sequence[YamlEvent]) -> Signature:
    return tuple(event[2:] for event in events)
