"""The lines of the file that a finding is about, with carets and words below them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from otac.diagnostics.cells import TAB, Ink, paint, visible, widths
from otac.source.document import Span
from otac.source.source_text import SourceText

# A span over more lines than this is shown by its first and its last line.
_WHOLE = 3
_NARROWEST = 20


class Mark(NamedTuple):
    """A place to underline with a sign, and what to say there."""

    span: Span
    text: str
    sign: str
    ink: Ink


class _Piece(NamedTuple):
    """A mark's part on one line; `start` and `end` count characters, later cells."""

    line: int
    start: int
    end: int
    text: str
    mark: Mark


def frame(
    source: SourceText, marks: Sequence[Mark], width: int, color: bool
) -> tuple[int, list[str]]:
    """The width of the line numbers, and the lines of the frame.

    Where marks overlap, the first one is on top.
    """
    by_line: dict[int, list[_Piece]] = {}
    for mark in marks:
        for piece in _pieces(source, mark):
            by_line.setdefault(piece.line, []).append(piece)
    gutter = len(str(max(by_line)))
    bar = paint("|", Ink.FRAME, color)
    lines = [f"{' ' * gutter} {bar}"]
    room = max(_NARROWEST, width - gutter - 3)
    for number in _numbers(by_line):
        if number is None:
            lines.append("...")
            continue
        pieces = by_line.get(number, [])
        text, rows = _annotated(source.shown_line(number), pieces, room, color)
        shown = paint(str(number).rjust(gutter), Ink.FRAME, color)
        lines.append(f"{shown} {bar} {text}".rstrip())
        lines += (f"{' ' * gutter} {bar} {row}" for row in rows)
    return gutter, lines


def _numbers(by_line: dict[int, list[_Piece]]) -> Iterator[int | None]:
    """The numbers of the lines to show, None for a gap."""
    previous: int | None = None
    for number in sorted(by_line):
        if previous is not None and number - previous == 2:
            # The dots would take the room of the line that they hide.
            yield previous + 1
        elif previous is not None and number - previous > 2:
            yield None
        yield number
        previous = number


def _pieces(source: SourceText, mark: Mark) -> Iterator[_Piece]:
    size = len(source.text)
    start = min(mark.span.start, size)
    end = min(max(mark.span.end, start), size)
    if end > start and source.text[end - 1] == "\n":
        end -= 1
    first, last = source.place(start), source.place(end)
    numbers = range(first.line, last.line + 1)
    if len(numbers) > _WHOLE:
        numbers = range(first.line, last.line + 1, last.line - first.line)
    for number in numbers:
        line = source.line(number)
        left = len(line) - len(line.lstrip())
        right = len(line.rstrip())
        if number == first.line:
            left = first.column - 1
        if number == last.line:
            right = last.column - 1
        if left < right or len(numbers) == 1:
            text = mark.text if number == last.line else ""
            yield _Piece(number, left, max(right, left), text, mark)


def _annotated(
    line: str, pieces: list[_Piece], room: int, color: bool
) -> tuple[str, list[str]]:
    """The line as shown, and the rows below it."""
    if not pieces:
        return excerpt(line, 0, 0, room).text, []
    shown = excerpt(line, pieces[0].start, pieces[0].end, room)
    placed = [
        piece._replace(
            start=shown.cell(piece.start),
            end=max(shown.cell(piece.end), shown.cell(piece.start) + 1),
        )
        for piece in pieces
    ]
    underline = {
        cell: (piece.mark.sign, piece.mark.ink)
        for piece in reversed(placed)
        for cell in range(piece.start, piece.end)
    }
    # From right to left, so that the words of one do not cross the line to another.
    labelled = sorted(
        (piece for piece in placed if piece.text), key=lambda piece: -piece.start
    )
    first: tuple[int, str, Ink] | None = None
    if labelled and labelled[0].end == max(piece.end for piece in placed):
        piece = labelled.pop(0)
        first = (piece.end + 1, piece.text, piece.mark.ink)
    rows = [_row(underline, first, color)]
    if labelled:
        rows.append(_row(_lines_to(labelled), None, color))
    for index, piece in enumerate(labelled):
        words = (piece.start, piece.text, piece.mark.ink)
        rows.append(_row(_lines_to(labelled[index + 1 :]), words, color))
    return shown.text, rows


def _lines_to(pieces: list[_Piece]) -> dict[int, tuple[str, Ink]]:
    return {piece.start: ("|", piece.mark.ink) for piece in pieces}


def _row(
    signs: dict[int, tuple[str, Ink]], words: tuple[int, str, Ink] | None, color: bool
) -> str:
    """Signs at their cells, and behind them words from a cell on."""
    end = max(signs, default=-1) + 1 if words is None else words[0]
    cells = (signs.get(cell, (" ", Ink.PLAIN)) for cell in range(end))
    row = "".join(
        paint("".join(sign for sign, _ in run), ink, color)
        for ink, run in groupby(cells, key=lambda cell: cell[1])
    )
    return row if words is None else row + paint(visible(words[1]), words[2], color)


# One line of the file as a frame shows it: tabs expanded, cut to the room there is.
_CUT = "..."
# The part of the room that stands in front of what a frame is about, in a long line.
_BEFORE = 4


class Excerpt(NamedTuple):
    """What is shown of a line that takes `cells` as a whole: those from `lowest` to
    `highest`, moved by `offset`."""

    text: str
    cells: Sequence[int]
    offset: int
    lowest: int
    highest: int

    def cell(self, index: int) -> int:
        """The cell at which character `index` of the line starts; its length is its end.

        What was cut off lies on the cells of the dots that stand for it.
        """
        return min(max(self.cells[index] + self.offset, self.lowest), self.highest)


def excerpt(line: str, start: int, end: int, room: int) -> Excerpt:
    """The line in at most `room` cells, with the characters from `start` on visible.

    As many of those up to `end` as fit are visible too.
    """
    shown, cells = _measured(line)
    if cells[-1] <= room:
        return Excerpt(_expanded(shown), cells, 0, 0, cells[-1])
    first = 0
    if cells[end] > room - len(_CUT):
        # Not further to the right than the line has something to show for.
        left = min(cells[start] - room // _BEFORE, cells[-1] - room + len(_CUT))
        first = bisect_left(cells, max(0, left))
    lead = _CUT if first else ""
    last = bisect_right(cells, cells[first] + room - len(lead)) - 1
    tail = ""
    if last < len(line):
        tail = _CUT
        last = bisect_right(cells, cells[first] + room - len(lead) - len(_CUT)) - 1
    offset = len(lead) - cells[first]
    lowest, highest = 0, cells[last] + offset + len(tail)
    text = f"{lead}{_expanded(shown[first:last])}{tail}"
    return Excerpt(text, cells, offset, lowest, highest)


# A line of a million characters may have a thousand findings.
@lru_cache(maxsize=16)
def _measured(line: str) -> tuple[str, Sequence[int]]:
    """The line as it is shown, and where its characters start; the last is its end."""
    shown = visible(line)
    return shown, tuple(accumulate(widths(shown), initial=0))


def _expanded(text: str) -> str:
    return text.replace("\t", " " * TAB)
