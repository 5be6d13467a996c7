"""From a place in the text of a scalar to the place in the file.

An expression sits in a scalar, and its mistakes have to be shown where they were typed:
behind the indentation of a block, next to an escape, on the third line of a folded text.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from otac.source.document import Document, Scalar, Span

# Start and end, in the file, of what one character of a scalar was made of.
_Place: TypeAlias = tuple[int, int]

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


def position(document: Document, scalar: Scalar, index: int) -> int:
    """The offset in the document of the character `scalar.text[index]`.

    The length of the text as index gives the place behind its last character.
    """
    return subspan(document, scalar, index, index).start


def subspan(document: Document, scalar: Scalar, start: int, end: int) -> Span:
    """Where `scalar.text[start:end]` stands, escapes and folded line breaks included."""
    if scalar.written is not None:
        start, end = scalar.written.back(start, end)
        scalar = as_written(scalar)
    text, size = document.text, len(scalar.text)
    start = min(max(start, 0), size)
    end = min(max(end, start), size)
    width = 1 if scalar.style in ("'", '"') else 0
    first = scalar.start + width
    if text[first : scalar.end - width] == scalar.text:
        # It stands there as it is, as nearly all texts do.
        return Span(first + start, first + end, scalar.via)
    places = _places(text, scalar.start, scalar.style, scalar.text)
    if len(places) < size or size == 0:
        return Span(first, first, scalar.via)
    if start < end:
        return Span(places[start][0], places[end - 1][1], scalar.via)
    at = places[start][0] if start < size else places[-1][1]
    return Span(at, at, scalar.via)


# An expression has many places, and a text that is folded has to be read for each.
@lru_cache(maxsize=8)
def _places(text: str, start: int, style: str, content: str) -> Sequence[_Place]:
    """Those of the characters of a scalar that says `content`."""
    if style in ("|", ">"):
        return _block(text, start, style, content)
    width = 1 if style in ("'", '"') else 0
    return list(islice(_flow(text, start + width, style), len(content)))


def as_written(scalar: Scalar) -> Scalar:
    """The scalar that stands in the file."""
    shown = scalar.shown
    return Scalar(shown, shown, scalar.style, scalar.start, scalar.end, scalar.via)


def _flow(text: str, at: int, style: str) -> Iterator[_Place]:
    """The places of the characters of a plain or quoted scalar, and of what follows it."""
    while at < len(text):
        character = text[at]
        if character in " \t\n":
            end = _behind_blanks(text, at)
            yield from _folded(text, at, end)
            at = end
        elif style == '"' and text.startswith("\\\n", at):
            end = _behind_blanks(text, at + 1)
            yield from _breaks(text, at + 2, end)
            at = end
        else:
            width = 1
            if style == "'" and character == "'":
                width = 2
            elif style == '"' and character == "\\":
                width = _ESCAPE_LENGTHS.get(text[at + 1 : at + 2], 2)
            yield at, at + width
            at += width


def _folded(text: str, start: int, end: int) -> Iterator[_Place]:
    """A run of blanks and line breaks: blanks stay, breaks are folded."""
    first = text.find("\n", start, end)
    if first < 0:
        yield from ((at, at + 1) for at in range(start, end))
    elif "\n" in text[first + 1 : end]:
        yield from _breaks(text, first + 1, end)
    else:
        # One break stands for one space.
        yield first, first + 1


def _breaks(text: str, start: int, end: int) -> Iterator[_Place]:
    return ((at, at + 1) for at in range(start, end) if text[at] == "\n")


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\n":
        at += 1
    return at


def _block(text: str, start: int, style: str, content: str) -> list[_Place]:
    """The places of the characters of a literal or folded block.

    Breaks wait in `leading` (the one that ended the last line of text) and `blank` (those
    of the empty lines since) until the next line shows what becomes of them.
    """
    size = len(content)
    margin = indentation(text, start, content)
    places: list[_Place] = []
    leading: list[_Place] = []
    blank: list[_Place] = []
    after_indented = False
    at = text.find("\n", start) + 1
    while 0 < at < len(text) and len(places) < size:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        break_place = (end, end + 1)
        if not line[:margin].strip(" ") and len(line) <= margin:
            blank.append(break_place)
            at = end + 1
            continue
        if line[:margin].strip(" "):
            break
        is_indented = line[margin] in " \t"
        if style == "|" or after_indented or is_indented or not leading:
            places += leading + blank
        else:
            # A break between two lines of a folded block is a space, unless empty lines
            # follow it: then those are the breaks.
            places += blank or leading
        places += ((here, here + 1) for here in range(at + margin, end))
        leading, blank, after_indented = [break_place], [], is_indented
        at = end + 1
    # What the last line ends with depends on `-` and `+` in the header: as much as fits.
    return (places + leading + blank)[:size]


def indentation(text: str, start: int, value: str) -> int:
    """How far the lines of a block are indented.

    Neither the parser nor an indicator in the header says it, but the first line of the
    text does: what its line in the file has in front is the indentation.
    """
    content = value.lstrip("\n")
    if not content:
        # Only empty lines, which may hold any number of spaces.
        return len(text)
    empty_lines = len(value) - len(content)
    at = start
    for _ in range(empty_lines + 1):
        at = text.find("\n", at) + 1
    return max(0, _spaces(text, at) - _spaces(content, 0))


def _spaces(text: str, at: int) -> int:
    count = 0
    while text.startswith(" ", at + count):
        count += 1
    return count
