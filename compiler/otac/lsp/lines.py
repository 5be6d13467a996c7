"""An editor's positions and the compiler's offsets."""

from otac.source.source_text import SourceText

_BOM = "\ufeff"


class LineOffsets:
    """Converts between lines with characters, from 0, and offsets of the decoded text.

    `encoding` says what an editor counts: `utf-8` bytes, `utf-16` units or `utf-32` code
    points. Offsets count code points of the text without its byte order marks and with
    `\\n` for each line break; lines are the same in both.
    """

    def __init__(self, source: SourceText, marks: int, encoding: str) -> None:
        self._source = source
        self._marks = marks
        self._encoding = encoding

    def offset(self, line: int, character: int) -> int:
        """The offset of a position; one behind the end of a line is that end."""
        last = self._source.place(len(self._source.text)).line
        if line >= last:  # `last` counts from 1
            return len(self._source.text)
        text = self._source.line(line + 1)
        if line == 0:
            text = _BOM * self._marks + text
        width = index = 0
        for one in text:
            width += self._width(one)
            if width > character:
                break
            index += 1
        if line == 0:
            index = max(0, index - self._marks)
        return self._source.line_start(line + 1) + index

    def position(self, offset: int) -> tuple[int, int]:
        """The line and character of an offset."""
        whole = self._source.text
        offset = min(max(offset, 0), len(whole))
        line, column = self._source.place(offset)
        text = whole[offset - column + 1 : offset]
        if line == 1 and self._marks:
            text = _BOM * self._marks + text
        # Nearly every line; there are thousands in an outline.
        width = len(text) if text.isascii() else sum(map(self._width, text))
        return line - 1, width

    def _width(self, character: str) -> int:
        if self._encoding == "utf-32":
            return 1
        if self._encoding == "utf-8":
            return len(character.encode("utf-8"))
        return 2 if character > "\uffff" else 1
