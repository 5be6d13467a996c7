"""How text looks in a terminal: what cannot be seen made visible, how wide it is, colours."""

import re
from enum import Enum
from unicodedata import category, east_asian_width

TAB = 4

# Characters that move the cursor, recolour the screen, reverse the direction of what
# follows, or stand for nothing: a configuration must not play tricks on its reader.
_HIDDEN = re.compile(
    "[\x00-\x08\n-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)
_JOINER = "\u200d"
_AS_EMOJI = "\ufe0f"
_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"


def visible(text: str) -> str:
    """The text with a visible character for each one that hides; tabs stay."""
    return _HIDDEN.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    character = found[0]
    if character < " ":
        return chr(_PICTURES + ord(character))
    return _DELETE_PICTURE if character == "\x7f" else "\N{REPLACEMENT CHARACTER}"


def widths(text: str) -> list[int]:
    """The number of terminal cells that each character of a visible text takes."""
    if text.isascii() and "\t" not in text:
        return [1] * len(text)
    cells: list[int] = []
    before = ""
    for character in text:
        if character == _AS_EMOJI and cells and cells[-1] == 1:
            # Asks for the wide form of a character that has a narrow one, as in ❤️.
            cells.append(1)
        else:
            cells.append(_width(character, before))
        before = character
    return cells


def _width(character: str, before: str) -> int:
    if character == "\t":
        return TAB
    if before == _JOINER or (_is_skin_tone(character) and _is_wide(before)):
        return 0
    if category(character) in ("Mn", "Me") or _takes_no_cell(character):
        return 0
    return 2 if _is_wide(character) else 1


def _is_wide(character: str) -> bool:
    return character != "" and east_asian_width(character) in ("W", "F")


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _takes_no_cell(character: str) -> bool:
    # Vowels and final consonants of a Korean syllable join the consonant before them.
    return "\u1160" <= character <= "\u11ff" or (
        category(character) == "Cf" and character != "\N{SOFT HYPHEN}"
    )


# Colours for a terminal, as rustc uses them.
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
