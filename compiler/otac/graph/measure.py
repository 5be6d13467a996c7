"""How wide text is, without a font: rather too wide than too narrow."""

from otac.diagnostics.cells import widths

# Of the size of the font, for one cell. The widest common sans-serif faces have 0.56 on
# average; bold and capitals have more.
_CELL = 0.6
_ELLIPSIS = "…"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that the text takes at most, by and large."""
    capitals = sum(character.isupper() for character in text)
    cells = sum(widths(text)) + 0.25 * capitals
    return cells * size * _CELL * (1.06 if bold else 1)


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or its beginning with an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(text + _ELLIPSIS, size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def shortened(name: str, size: float, room: float, *, bold: bool = False) -> str:
    """The name, or both its ends: names often differ in the last characters only."""
    if width(name, size, bold=bold) <= room:
        return name
    for kept in range(len(name) - 1, 1, -1):
        tail = kept * 2 // 5
        text = f"{name[: kept - tail]}{_ELLIPSIS}{name[len(name) - tail :]}"
        if width(text, size, bold=bold) <= room:
            return text
    return _ELLIPSIS


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Lines of whole words; the last one is cut if there are more than `most`."""
    lines: list[str] = []
    rest = text.split(" ")
    while rest and len(lines) < most - 1:
        line = rest.pop(0)
        while rest and width(f"{line} {rest[0]}", size) <= room:
            line = f"{line} {rest.pop(0)}"
        lines.append(cut(line, size, room))
    if rest:
        lines.append(cut(" ".join(rest), size, room))
    return lines
