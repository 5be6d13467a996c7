"""The lines of a file that is being written, and what is remarked at each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Gap(Enum):
    """An empty line that may be there, or a place where none may be."""

    EMPTY = "empty"
    FORBIDDEN = "forbidden"


Row: TypeAlias = "str | Gap"


@dataclass(eq=False, slots=True)
class TreeLine:
    """A `key: value` or an item of a list, with everything in it.

    `text` is what stands on its own lines; those behind the first are indented already.
    `places` are offsets in the original of what it was made of, `end` the offset behind
    it. A comment goes behind the first line of text, or behind the last if `is_folded`.
    With `is_open`, empty lines behind it would be part of its text. `is_moved`: it
    comes from somewhere else.
    """

    text: list[str]
    children: list["TreeLine"] = field(default_factory=list)
    is_item: bool = False
    is_folded: bool = False
    is_open: bool = False
    is_moved: bool = False
    places: list[tuple[int, int]] = field(default_factory=list)
    parent: "TreeLine | None" = None
    before: list[str] = field(default_factory=list)
    behind: str = ""
    after: list[str] = field(default_factory=list)


def written(lines: list[TreeLine]) -> str:
    """The text of a file."""
    out: list[str] = []
    pending = False
    allowed = False
    for row in _rows(lines):
        if row is Gap.EMPTY:
            pending = allowed
        elif row is Gap.FORBIDDEN:
            allowed = pending = False
        else:
            if pending:
                out.append("")
            out.append(row)
            pending, allowed = False, True
    return "".join(f"{row}\n" for row in out)


def _rows(lines: list[TreeLine]) -> Iterator[Row]:
    for line in lines:
        yield from map(_row, line.before)
        text = list(line.text)
        if line.behind:
            at = len(text) - 1 if line.is_folded else 0
            text[at : at + 1] = [f"{text[at]}  {line.behind}"] if text else []
        inside: list[Row] = [*text, *([Gap.FORBIDDEN] if line.is_open else [])]
        rows = _rows(line.children)
        if line.is_item:
            first, *rest = [*inside, *rows]
            yield f"- {first}" if first else "-"
            yield from map(_indented, rest)
        else:
            yield from inside
            if line.children and line.children[0].before[:1] == [""]:
                next(rows)
            yield from map(_indented, rows)
        yield from map(_row, line.after)


def _row(remark: str) -> Row:
    return remark or Gap.EMPTY


def _indented(row: Row) -> Row:
    return f"  {row}" if isinstance(row, str) and row else row
