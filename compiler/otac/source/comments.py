"""What a file says beside its data: comments, empty lines, the marks of a document."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from yaml.events import DocumentStartEvent, ScalarEvent

from otac.source import properties
from otac.source.events import parse

_REMARK = re.compile(r"#[^\n]*|(?<=\n)(?:[ \t]*\n)+")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


class Remark(NamedTuple):
    """A comment, or an empty line: then `text` is empty.

    `column` counts from 0; for a comment behind something on its line it is where that
    line begins, for an empty line where the next line with something on it begins.
    """

    start: int
    text: str
    column: int
    is_behind: bool


class Remarks(NamedTuple):
    """The remarks of a text in order. `opening` are its directives and `---`."""

    all: tuple[Remark, ...]
    opening: tuple[str, ...]
    opening_at: int


def remarks(text: str) -> Remarks:
    """Everything in a text that could be read and that is no data."""
    found: list[Remark] = []
    opening: list[str] = []
    opening_at = at = 0
    parsed = parse(text)
    while (event := parsed.next()) is not None:
        start, end = event.start_mark.index, event.end_mark.index
        if type(event) is DocumentStartEvent and event.explicit:
            opening_at = end - len("---")
            head = text[:opening_at].split("\n")
            opening = [_bare(line) for line in head if line.startswith("%")]
            opening.append("---")
        if type(event) is not ScalarEvent:
            continue
        if event.anchor is not None or event.tag is not None:
            start = end if start == end else properties.skip(text, start)
        found += _between(text, at, start)
        at = end
        if event.style in ("|", ">"):
            header = _HEADER.match(text, start)
            if header is not None:
                found.append(_remark(text, header.start(1), header[1]))
            at = start + len(text[start:end].rstrip(" \t\n"))
    found += _between(text, at, len(text))
    return Remarks(tuple(found), tuple(opening), opening_at)


def column(text: str, offset: int) -> int:
    """Where the line of an offset begins with something, counted from 0."""
    start = text.rfind("\n", 0, offset) + 1
    at = start
    while at < len(text) and text[at] in " \t":
        at += 1
    return at - start


def next_column(text: str, offset: int) -> int:
    """The column of the first line behind that of an offset that is not all comment."""
    at = text.find("\n", offset) + 1
    while 0 < at < len(text):
        width = column(text, at)
        if text[at + width : at + width + 1] not in ("#", "\n", ""):
            return width
        at = text.find("\n", at) + 1
    return 0


def _between(text: str, start: int, end: int) -> Iterator[Remark]:
    """What stands between two scalars."""
    for match in _REMARK.finditer(text, start, end):
        comment = match.group().rstrip()
        yield _remark(text, match.start(), comment if comment else "")


def _remark(text: str, start: int, comment: str) -> Remark:
    line = text.rfind("\n", 0, start) + 1
    is_behind = bool(comment) and bool(text[line:start].strip())
    if comment:
        return Remark(start, comment, column(text, start), is_behind)
    at = start
    while at < len(text) and text[at] in " \t\n":
        at += 1
    return Remark(start, "", column(text, at) if at < len(text) else 0, False)


def _bare(line: str) -> str:
    return line.partition("#")[0].rstrip()
