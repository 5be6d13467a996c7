"""The lines of a text file of any size, one after the other."""

from collections.abc import Iterator
from typing import IO

# Longer than any ticket; what has no end of line is not held in memory to its end.
LONGEST_LINE = 16 * 1024 * 1024

_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class UnreadableRecords(Exception):
    """The file cannot be read on from a line, which counts from 1; 0 is the whole file."""

    def __init__(self, line: int, reason: str, help: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.help = help


class NumberedLines:
    """Decoded lines with their ends; `number` is that of the last one that was handed out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        data = self._file.readline(LONGEST_LINE + 1)
        if not data:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            data = self._without_mark(data)
        if len(data) > LONGEST_LINE:
            raise UnreadableRecords(
                self.number,
                f"the line is longer than {LONGEST_LINE >> 20} MB",
                "each ticket takes a line of its own, or a few; is this file one?",
            )
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as problem:
            byte = data[problem.start]
            raise UnreadableRecords(
                self.number,
                f"the line is not UTF-8 (byte 0x{byte:02x} at {problem.start + 1})",
                "save the file as UTF-8, as spreadsheets offer it, or convert it:"
                " `iconv -f CP1252 -t UTF-8`",
            ) from None

    def _without_mark(self, data: bytes) -> bytes:
        for mark, name in _MARKS:
            if data.startswith(mark):
                raise UnreadableRecords(
                    1,
                    f"the file is {name}, not UTF-8",
                    f"save it as UTF-8, or convert it: `iconv -f {name} -t UTF-8`",
                )
        return data.removeprefix(b"\xef\xbb\xbf")
