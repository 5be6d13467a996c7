"""Edits of a text as edits of the bytes that it was read from."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.edit import Correction, Edit, edited
from otac.source.document import Span
from otac.source.secrets import concealed
from otac.source.source_text import Place, encoding_of

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


# What became of the corrections of a file.
@dataclass(frozen=True, slots=True)
class MadeCorrection:
    """A correction that the file has now. `place` is in the text that it was made in."""

    found: Diagnostic
    correction: Correction
    place: Place
    text: str

    @property
    def change(self) -> tuple[str, ...]:
        """The lines that it changed, each behind `- ` or `+ `; no credential in them."""
        old, new = concealed(self.text), concealed(self.correction.applied(self.text))
        before, after = old.split("\n"), new.split("\n")
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        shown: list[str] = []
        for tag, start, end, other, last in matcher.get_opcodes():
            if tag != "equal":
                shown += (f"- {line.strip()}" for line in before[start:end])
                shown += (f"+ {line.strip()}" for line in after[other:last])
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Undone:
    """A correction that was tried and taken back.

    `brings` is the finding that came with it, None where its own did not go away;
    `brings_at` is the place of that one in the text that was tried.
    """

    found: Diagnostic
    correction: Correction
    place: Place
    brings: Diagnostic | None
    brings_at: Place | None
