"""Edits of a text as edits of the bytes that it was read from."""

import re
from bisect import bisect_left
from collections.abc import Iterable

from otac.diagnostics.edit import Edit, edited
from otac.source.document import Span
from otac.source.source_text import encoding_of

_BREAK = re.compile(r"\r\n|\r|\n")


def rewritten(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with the edits of their text made; all others are as they were.

    `edits` are in the order of their places and do not overlap. What is inserted gets the
    line ends of the file: those of its first line. Raises ValueError for bytes that are
    no text, about which there is no edit.
    """
    encoding, skipped = encoding_of(data)
    raw = data[skipped:].decode(encoding, "surrogatepass")
    marks = len(raw) - len(raw.lstrip("\ufeff"))
    first = _BREAK.search(raw)
    line_end = "\n" if first is None else first[0]
    # Where two characters are one in the text: offsets behind it are one less.
    shortened = [
        found.start() - marks - number
        for number, found in enumerate(re.finditer("\r\n", raw))
    ]

    def place(offset: int) -> int:
        return marks + offset + bisect_left(shortened, offset)

    moved = (
        Edit(Span(place(span.start), place(span.end)), text.replace("\n", line_end))
        for span, text in edits
    )
    return data[:skipped] + edited(raw, moved).encode(encoding, "surrogatepass")
