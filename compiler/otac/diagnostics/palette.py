"""Colours for a terminal, as rustc uses them."""

from enum import Enum


class Ink(Enum):
    """What a piece of text is; its value is the parameter of an ANSI sequence."""

    PLAIN = ""
    MESSAGE = "1"
    ERROR = "1;91"
    WARNING = "1;93"
    NOTE = "1;92"
    HELP = "1;96"
    FRAME = "1;94"


def paint(text: str, ink: Ink, color: bool) -> str:
    """The text in that colour, or as it is where there are no colours."""
    if not color or ink is Ink.PLAIN or not text:
        return text
    return f"\x1b[{ink.value}m{text}\x1b[0m"
