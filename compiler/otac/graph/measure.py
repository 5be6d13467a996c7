"""How wide text is, without a font: rather too wide than too narrow."""

from collections.abc import Callable

from otac.diagnostics.frame import widths

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

    def fits(kept: int) -> bool:
        end = _ELLIPSIS if kept < len(text) else ""
        return width(text[:kept] + end, size, bold=bold) <= room

    kept = _most(len(text), fits)
    return text if kept == len(text) else text[:kept].rstrip() + _ELLIPSIS


def shortened(name: str, size: float, room: float, *, bold: bool = False) -> str:
    """The name, or both its ends: names often differ in the last characters only."""

    def both_ends(kept: int) -> str:
        tail = kept * 2 // 5
        return f"{name[: kept - tail]}{_ELLIPSIS}{name[len(name) - tail :]}"

    def fits(kept: int) -> bool:
        text = name if kept == len(name) else both_ends(kept)
        return width(text, size, bold=bold) <= room

    kept = _most(len(name), fits)
    if kept == len(name):
        return name
    return both_ends(kept) if kept > 1 else _ELLIPSIS


def _most(length: int, fits: Callable[[int], bool]) -> int:
    """The most characters that fit. What is far too long is never measured as a whole."""
    step = 64
    while step < length and fits(step):
        step *= 2
    low, high = 0, min(step, length)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Lines of whole words; the last one is cut if there are more than `most`."""
    lines: list[str] = []
    words = text.split(" ")
    first = 0
    while first < len(words) and len(lines) < most - 1:
        last, taken = first + 1, width(words[first], size)
        while last < len(words):
            taken += width(f" {words[last]}", size)
            if taken > room:
                break
            last += 1
        lines.append(cut(" ".join(words[first:last]), size, room))
        first = last
    if first < len(words):
        lines.append(cut(" ".join(words[first:]), size, room))
    return lines
