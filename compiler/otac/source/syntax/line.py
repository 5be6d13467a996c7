"""A line of a configuration, as someone reads it who looks for a mistake."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DASHES = re.compile(r" *(?:- +)*")
# A key up to its colon: in quotes, or anything without `: `.
_KEY = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'#](?:[^:]|:(?=\S))*?)\s*:(?=\s|$)"""
)
_COMMENT = re.compile(r"(?:^|\s)#")


class Line(NamedTuple):
    """A line without its line break; `start` is its offset in the text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indentation(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def column(self) -> int:
        """Where the content starts, counted from 0, behind the dashes of list items."""
        found = _DASHES.match(self.text)
        return 0 if found is None else found.end()

    @property
    def content(self) -> str:
        """The line from `column` on, without a comment."""
        return uncommented(self.text[self.column :])

    @property
    def colon(self) -> int | None:
        """Where the colon of the line's first key stands, counted from the line's start."""
        column = self.column
        is_quoted = self.text[column : column + 1] in ("'", '"')
        text = self.text if is_quoted else uncommented(self.text)
        found = _KEY.match(text, column)
        return None if found is None else found.end() - 1

    @property
    def key(self) -> str | None:
        """The first key on the line, as written."""
        colon = self.colon
        return None if colon is None else self.text[self.column : colon].rstrip()

    @property
    def value(self) -> str:
        """What stands behind the first key, without a comment."""
        colon = self.colon
        return "" if colon is None else uncommented(self.text[colon + 1 :]).lstrip()


def line_at(text: str, offset: int) -> Line:
    """The line on which an offset lies."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return Line(start, text[start : len(text) if end < 0 else end])


def lines_before(text: str, line: Line) -> Iterator[Line]:
    """The lines above with more than a comment on them, the nearest first."""
    while line.start > 0:
        line = line_at(text, line.start - 1)
        if uncommented(line.text).strip():
            yield line


def uncommented(text: str) -> str:
    """The text up to a comment, without trailing blanks; it must not start in quotes."""
    found = _COMMENT.search(text)
    return (text if found is None else text[: found.start()]).rstrip()
