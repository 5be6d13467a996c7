"""One line of the file as a frame shows it: tabs expanded, cut to the room there is."""

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple

from otac.diagnostics.cells import TAB, visible, widths

_CUT = "..."
# The part of the room that stands in front of what a frame is about, in a long line.
_BEFORE = 4


class Excerpt(NamedTuple):
    """`cells[i]` is the cell at which character `i` of the line starts.

    There is one more for the end of the line. What was cut off lies on the cells of the
    dots that stand for it.
    """

    text: str
    cells: list[int]


def excerpt(line: str, start: int, end: int, room: int) -> Excerpt:
    """The line in at most `room` cells, with the characters from `start` on visible.

    As many of those up to `end` as fit are visible too.
    """
    shown = visible(line)
    cells = list(accumulate(widths(shown), initial=0))
    if cells[-1] <= room:
        return Excerpt(_expanded(shown), cells)
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
    return Excerpt(text, [min(max(c + offset, lowest), highest) for c in cells])


def _expanded(text: str) -> str:
    return text.replace("\t", " " * TAB)
