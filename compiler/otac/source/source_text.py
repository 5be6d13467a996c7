"""The text of a configuration, whether or not it can be read as YAML."""

import codecs
from bisect import bisect_right
from typing import NamedTuple

from otac.source.secrets import concealed, credentials

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Place(NamedTuple):
    """A line and a column, both from 1; columns count code points."""

    line: int
    column: int


class SourceText:
    """A file's name as the user typed it and its characters.

    Line breaks are normalised to `\\n`, which is what offsets count.
    """

    __slots__ = ("_concealed", "_credentials", "_line_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._line_starts: list[int] | None = None
        self._concealed: str | None = None
        self._credentials: tuple[str, ...] | None = None

    @classmethod
    def decode(cls, name: str, data: bytes) -> "SourceText":
        """The text of any bytes: what is no character becomes U+FFFD.

        UTF-8 unless a byte order mark says UTF-16, as YAML itself has it. Whether the
        bytes were clean is for the reader to judge; a frame shows the text either way.
        """
        encoding, skipped = encoding_of(data)
        return cls(name, normalised(data[skipped:].decode(encoding, "replace")))

    def place(self, offset: int) -> Place:
        """The line and column of a character offset."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)

    def line_start(self, line: int) -> int:
        """The offset of the first character of a line, counted from 1."""
        return self._starts()[line - 1]

    def line(self, line: int) -> str:
        """A line, counted from 1, without its line break."""
        return self._line(self.text, line)

    def shown_line(self, line: int) -> str:
        """The same to be printed: in it no credential can be read."""
        if self._concealed is None:
            self._concealed = concealed(self.text)
        return self._line(self._concealed, line)

    def discreet(self, said: str) -> str:
        """What is said about the text, without a credential that stands in it."""
        if self._credentials is None:
            self._credentials = credentials(self.text)
        for one in self._credentials:
            said = said.replace(one, "*" * len(one))
        return said

    def _line(self, text: str, line: int) -> str:
        starts = self._starts()
        end = starts[line] - 1 if line < len(starts) else len(text)
        return text[starts[line - 1] : end]

    def _starts(self) -> list[int]:
        # Only diagnostics ask, so a file without any is never searched.
        if self._line_starts is None:
            starts = [0]
            find = self.text.find
            position = find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = find("\n", position + 1)
            self._line_starts = starts
        return self._line_starts


def encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding that the byte order mark announces, and the length of that mark."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def normalised(text: str) -> str:
    """The text with `\n` for every line break that Windows or an old Mac wrote.

    Further byte order marks, as two tools leave them that each add one, are dropped: the
    parser does so without counting them.
    """
    text = text.lstrip("\ufeff")
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")
