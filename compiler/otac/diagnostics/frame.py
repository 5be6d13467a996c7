"""How text looks in a terminal, and the lines that a finding is about, with carets below."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple
from unicodedata import category, east_asian_width

from otac.source.document import Span
from otac.source.source_text import SourceText

# How text looks in a terminal: what cannot be seen made visible, how wide it is,
# colours.
TAB = 4

# Characters that move the cursor, recolour the screen, reverse the direction of what
# follows, or stand for nothing: a configuration must not play tricks on its reader.
_HIDDEN = re.compile(
    "[\x00-\x08\n-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)
_JOINER = "\u200d"
_AS_EMOJI = "\ufe0f"
_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"


def visible(text: str) -> str:
    """The text with a visible character for each one that hides; tabs stay."""
    return _HIDDEN.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    character = found[0]
    if character < " ":
        return chr(_PICTURES + ord(character))
    return _DELETE_PICTURE if character == "\x7f" else "\N{REPLACEMENT CHARACTER}"


def widths(text: str) -> list[int]:
    """The number of terminal cells that each character of a visible text takes."""
    if text.isascii() and "\t" not in text:
        return [1] * len(text)
    cells: list[int] = []
    before = ""
    for character in text:
        if character == _AS_EMOJI and cells and cells[-1] == 1:
            # Asks for the wide form of a character that has a narrow one, as in ❤️.
            cells.append(1)
        else:
            cells.append(_width(character, before))
        before = character
    return cells


def _width(character: str, before: str) -> int:
    if character == "\t":
        return TAB
    if before == _JOINER or (_is_skin_tone(character) and _is_wide(before)):
        return 0
    if category(character) in ("Mn", "Me") or _takes_no_cell(character):
        return 0
    return 2 if _is_wide(character) else 1


def _is_wide(character: str) -> bool:
    return character != "" and east_asian_width(character) in ("W", "F")


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _takes_no_cell(character: str) -> bool:
    # Vowels and final consonants of a Korean syllable join the consonant before them.
    return "\u1160" <= character <= "\u11ff" or (
        category(character) == "Cf" and character != "\N{SOFT HYPHEN}"
    )


# Colours for a terminal, as rustc uses them.
class Ink(Enum):
    """What a piece of text is; its value is the parameter of an ANSI sequence."""

    PLAIN = ""
    MESSAGE = "1"
    ERROR = "1;91"
    WARNING = "1;93"
    NOTE = "1;92"
    HELP = "1;96"
    FRAME = "1;94"


def paint(text: str, ink: Ink, color: bool) -> str:
    """The text in that colour, or as it is where there are no colours."""
    if not color or ink is Ink.PLAIN or not text:
        return text
    return f"\x1b[{ink.value}m{text}\x1b[0m"


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
