"""Comments that silence a warning: `# otac: ignore[OTC334]` at the end of a line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from otac.source.document import Document, Mapping, Node, Scalar, Span

# A remark that begins with `otac:` is let alone, unless it looks like an order.
_COMMENT = re.compile(
    r"(?:^|(?<=[ \t]))#[ \t]*otac:[ \t]*(?:ig|[\w-]*[ \t]*\[).*", re.MULTILINE
)
_IGNORE = re.compile(r"#[ \t]*otac:[ \t]*ignore[ \t]*\[([^\]\n]*)\][ \t]*(?:#.*|--.*)?")
_WORD = re.compile(r"[^,\s]+")
_HEADER_SIZE = re.compile(r"[|>][-+]?([1-9])")


class Ignore(NamedTuple):
    """A comment for otac.

    `codes` are the words in its brackets, each with its place; None where it is not of
    the form `# otac: ignore[CODE, ...]`. What starts in one of the `covered` places is
    silenced. That is the line, as far as the comment, and all of the text that starts or
    ends on it: nobody can put a comment into the middle of a text. `beside` tells whether
    anything else stands on the line.
    """

    span: Span
    codes: tuple[tuple[str, Span], ...] | None
    covered: tuple[Span, ...]
    beside: bool


def ignores(document: Document) -> tuple[Ignore, ...]:
    """All comments for otac, in the order of the file.

    Texts that only look like one (in quotes, in a block) are none. Asked before anything is
    taken out of the tree: a text that is no longer known would look like a comment.
    """
    text = document.text
    if "otac:" not in text:
        return ()
    candidates = list(_COMMENT.finditer(text))
    if not candidates:
        return ()
    scalars = sorted({(s.start, s.end, s.style) for s in _long_scalars(document.root)})
    found: list[Ignore] = []
    for candidate in candidates:
        start = candidate.start()
        if not any(_holds(text, scalar, start) for scalar in scalars):
            found.append(_ignore(document, candidate, scalars))
    return tuple(found)


def _ignore(
    document: Document, found: re.Match[str], scalars: list[tuple[int, int, str]]
) -> Ignore:
    start, written = found.start(), found[0].rstrip()
    line = document.source.line_start(document.place(start).line)
    covered = [Span(line, start)]
    covered += (
        Span(first, last)
        for first, last, _ in scalars
        if line <= first < start or line < last <= start
    )
    ignore = _IGNORE.fullmatch(written)
    codes = None
    if ignore is not None:
        offset = start + ignore.start(1)
        codes = tuple(
            (word[0], Span(offset + word.start(), offset + word.end()))
            for word in _WORD.finditer(ignore[1])
        )
    beside = document.text[line:start].strip() != ""
    place = Span(start, start + len(written))
    return Ignore(place, codes or None, tuple(covered), beside)


def _long_scalars(node: Node) -> Iterator[Scalar]:
    """The texts that may hold a `#` or a line break: in quotes, in blocks, folded."""
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, Scalar):
            if one.style or "\n" in one.text or " " in one.text:
                yield one
        elif isinstance(one, Mapping):
            for entry in one:
                pending += (entry.key, entry.value)
        else:
            pending += one.items


def _holds(text: str, scalar: tuple[int, int, str], at: int) -> bool:
    """Whether the `#` at an offset is a character of the scalar."""
    start, end, style = scalar
    if not style or not start <= at < end:
        return False
    if style not in "|>":
        return True
    header = text.find("\n", start)
    if at < header:
        return False
    # A line that is indented less than the block's first one is outside of it.
    first = re.compile(r"[ \n]*").match(text, header)
    assert first is not None
    indent = first.end() - text.rfind("\n", start, first.end()) - 1
    size = _HEADER_SIZE.match(text, start)
    if size is not None:
        indent = min(indent, int(size[1]))
    column = at - text.rfind("\n", 0, at) - 1
    return text[at - column : at].strip(" ") != "" or column >= indent
