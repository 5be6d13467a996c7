"""Characters that look like those that YAML gives a meaning, and are others.

Input methods, word processors and web pages bring them in: `：` for `:`, a no-break space
for a space, `“` for `"`. To YAML they are letters like any other.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_SIGNS = {
    **dict.fromkeys("：﹕∶꞉", ":"),
    **dict.fromkeys("，﹐､、‚", ","),
    **dict.fromkeys("＝﹦", "="),
    **dict.fromkeys("－﹣–—−‐‑", "-"),
    **dict.fromkeys("＃﹟", "#"),
    **dict.fromkeys("“”„‟«»＂", '"'),
    **dict.fromkeys("‘’‛‹›＇", "'"),
    **dict.fromkeys("［【", "["),
    **dict.fromkeys("］】", "]"),
    **dict.fromkeys("｛", "{"),
    **dict.fromkeys("｝", "}"),
    # Spaces of other widths, and characters without any.
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
}
_ODD = re.compile("[" + re.escape("".join(_SIGNS)) + "]")
_OPENING, _CLOSING = "“„‟«‘‚‛‹＂＇", "”“‟»’‘›＂＇"


class Odd(NamedTuple):
    """A character at an offset, how people call it, and what it looks like."""

    at: int
    name: str
    sign: str

    @property
    def looks_like(self) -> str:
        """In words; empty where it is not seen at all."""
        return {"": "", " ": "a space"}.get(self.sign, f"`{self.sign}`")


def odd_characters(text: str) -> Iterator[Odd]:
    """Those in a text, in its order."""
    for found in _ODD.finditer(text):
        name = unicodedata.name(found[0], "character").lower()
        yield Odd(found.start(), f"{name} (U+{ord(found[0]):04X})", _SIGNS[found[0]])


def straightened(text: str) -> str:
    """The text with the characters that were meant."""
    return _ODD.sub(lambda found: _SIGNS[found[0]], text)


def unquoted(text: str) -> str | None:
    """What stands between typographic quotes; None where none are around the text."""
    whole = text.strip()
    if len(whole) > 1 and whole[0] in _OPENING and whole[-1] in _CLOSING:
        return whole[1:-1]
    return None
