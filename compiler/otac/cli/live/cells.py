"""Texts of a certain width in a terminal. Colours in them take no room."""

import re
from collections.abc import Iterator

from otac.diagnostics.frame import widths

_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")
_PLAIN = "\x1b[0m"
_ELLIPSIS = "…"


def width(text: str) -> int:
    """The cells that the text takes."""
    return sum(widths(_COLOR.sub("", text)))


def cut(text: str, room: int) -> str:
    """The text, or as much of it as fits with an ellipsis behind it."""
    if width(text) <= room:
        return text
    if room < 1:
        return ""
    kept, left, colored = [], room - 1, False
    for piece, cells in _pieces(text):
        if cells > left:
            break
        left -= cells
        kept.append(piece)
        colored = colored or piece.startswith("\x1b")
    return "".join(kept).rstrip() + _ELLIPSIS + _PLAIN * colored


def padded(text: str, room: int, *, right: bool = False) -> str:
    """Exactly so wide: cut, or with spaces behind it (`right`: before it)."""
    text = cut(text, room)
    spaces = " " * (room - width(text))
    return spaces + text if right else text + spaces


def folded(text: str, room: int, indent: int) -> list[str]:
    """Lines that fit, all but the first indented; broken at spaces where there are any."""
    lines: list[str] = []
    while width(text) > room > indent + 1:
        at, left, space = 0, room, 0
        for piece, cells in _pieces(text):
            if cells > left:
                break
            left -= cells
            at += len(piece)
            if piece == " " and text[:at].strip():
                space = at
        at = space or at
        lines.append(text[:at].rstrip())
        text = " " * indent + text[at:].lstrip()
    return [*lines, cut(text, room)]


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Sequences of colours and single characters with their widths."""
    for index, part in enumerate(_COLOR.split(text)):
        if index % 2:
            yield part, 0
        else:
            yield from zip(part, widths(part), strict=True)
