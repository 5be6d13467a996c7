"""Comments and empty lines -> the lines that they belong to."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from otac.migrate.line import TreeLine
from otac.source.comments import Remark, column, next_column


class Attachment:
    """Finds out at which line of a new file a remark of the old one belongs.

    A comment behind something stays behind it. One on a line of its own stays in front of
    what follows, or, where that begins further left, behind what it is level with. What
    its neighbour has become, or else the next that is still there, takes it. `begin` is the
    offset at which the file's data begins.
    """

    def __init__(self, text: str, begin: int, lines: list[TreeLine]) -> None:
        self._text = text
        self._begin = begin
        self._head = lines[0]
        self._lines: dict[int, tuple[TreeLine, int]] = {}
        self._copies: dict[int, list[TreeLine]] = {}
        for line in _all(lines):
            for start, end in line.places:
                self._lines.setdefault(start, (line, end))
                if not _begins(line, start):
                    self._copies.setdefault(start, []).append(line)
        self._places = sorted(self._lines)
        # Comments that follow one another stay in this order.
        self._in_front_of = -1
        self._behind: tuple[int | None, TreeLine] = (-1, lines[0])
        self._placed = {
            id(line): start for start, (line, _) in reversed(self._lines.items())
        }

    def attach(self, remark: Remark) -> None:
        """Put a remark at its line; they come in the order of the file."""
        if remark.start < self._begin:
            # What a file begins with is about all of it.
            self._head.before.append(remark.text)
            return
        if remark.is_behind and self._put_behind(remark):
            return
        at = bisect_right(self._places, remark.start)
        place = self._places[at] if at < len(self._places) else None
        if place is None or self._is_end(remark, place):
            level = self._level(self._places[at - 1], remark.column)
            if place == self._behind[0] and _is_around(self._behind[1], level):
                level = self._behind[1]
            if place is None or not _is_around(level, self._lines[place][0]):
                level.after.append(remark.text)
                self._behind = (place, level)
                return
        if remark.text:
            self._in_front_of = place
        # Every copy is as spacious as what it is a copy of.
        lines = [self._lines[place][0]] if remark.text else self._copies.get(place, [])
        for line in lines:
            if remark.text or not line.is_moved:
                self._following(line, remark.column).before.append(remark.text)

    def _is_end(self, remark: Remark, place: int) -> bool:
        """Whether a remark closes what stands in front of it.

        `place` is where what follows it begins.
        """
        if place in (self._in_front_of, self._places[0]) or remark.is_behind:
            return False
        return remark.column > next_column(self._text, remark.start)

    def _put_behind(self, remark: Remark) -> bool:
        at = bisect_left(self._places, remark.start)
        if at == 0:
            return False
        start = self._places[at - 1]
        line, end = self._lines[start]
        if end > remark.start:
            end = start
        if "\n" in self._text[end : remark.start]:
            return False
        while not line.text:
            line = line.children[0]
        if line.behind:
            return False
        line.behind = remark.text
        return True

    def _level(self, place: int, wanted: int) -> TreeLine:
        """The line of a place, or that around it which begins no further right."""
        line = self._lines[place][0]
        while line.parent is not None and self._column(line) > wanted:
            line = line.parent
        return line

    def _following(self, line: TreeLine, wanted: int) -> TreeLine:
        """The line, or what it begins and nobody wrote."""
        while (parent := line.parent) is not None and parent.children[0] is line:
            begins = id(parent) not in self._placed and wanted < self._column(line)
            if not (parent.is_item or begins):
                break
            line = parent
        return line

    def _column(self, line: TreeLine) -> int:
        """Where it began in the original; as its first part where nobody wrote it."""
        while id(line) not in self._placed and line.children:
            line = line.children[0]
        place = self._placed.get(id(line))
        return 0 if place is None else column(self._text, place)


def _all(lines: list[TreeLine]) -> Iterator[TreeLine]:
    for line in lines:
        yield line
        yield from _all(line.children)


def _is_around(outer: TreeLine, line: TreeLine) -> bool:
    while line.parent is not None:
        line = line.parent
        if line is outer:
            return True
    return False


def _begins(line: TreeLine, start: int) -> bool:
    """Whether something around a line begins at the same place."""
    while line.parent is not None:
        line = line.parent
        if any(place[0] == start for place in line.places):
            return True
    return False
