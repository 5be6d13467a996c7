"""One line of the file as a frame shows it: tabs expanded, cut to the room there is."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from otac.diagnostics.cells import TAB, visible, widths

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
