"""Characters that look like those that YAML gives a meaning, and are others.

Input methods, word processors and web pages bring them in: `：` for `:`, a no-break space
or `&nbsp;` for a space, `“` for `"`. To YAML they are letters like any other.
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
# What the source of a web page has for them.
_ENTITIES = {
    **dict.fromkeys(("nbsp", "#160", "#xa0", "ensp", "emsp", "thinsp", "#32"), " "),
    **dict.fromkeys(("quot", "#34", "#x22", "ldquo", "rdquo", "bdquo"), '"'),
    **dict.fromkeys(("apos", "#39", "#x27", "lsquo", "rsquo"), "'"),
    **dict.fromkeys(("amp", "#38"), "&"),
    **dict.fromkeys(("lt", "#60"), "<"),
    **dict.fromkeys(("gt", "#62"), ">"),
    **dict.fromkeys(("colon", "#58"), ":"),
    **dict.fromkeys(("ndash", "mdash", "#45"), "-"),
    **dict.fromkeys(("shy", "zwnj", "#8203"), ""),
}
_SIGNS |= {f"&{name};": sign for name, sign in _ENTITIES.items()}
_ODD = re.compile("|".join(map(re.escape, _SIGNS)))
_OPENING, _CLOSING = "“„‟«‘‚‛‹＂＇", "”“‟»’‘›＂＇"


class Odd(NamedTuple):
    """A character from an offset up to another, how people call it, and what it means."""

    at: int
    end: int
    name: str
    sign: str

    @property
    def looks_like(self) -> str:
        """In words; empty where it is not seen at all."""
        return {"": "", " ": "a space"}.get(self.sign, f"`{self.sign}`")


def odd_characters(text: str) -> Iterator[Odd]:
    """Those in a text, in its order."""
    for found in _ODD.finditer(text):
        if len(found[0]) > 1:
            name = f"sign from the source of a web page (`{found[0]}`)"
        else:
            name = unicodedata.name(found[0], "character").lower()
            name = f"{name} (U+{ord(found[0]):04X})"
        yield Odd(*found.span(), name, _SIGNS[found[0]])


def straightened(text: str) -> str:
    """The text with the characters that were meant."""
    return _ODD.sub(lambda found: _SIGNS[found[0]], text)


def unquoted(text: str) -> str | None:
    """What stands between typographic quotes; None where none are around the text."""
    whole = text.strip()
    if len(whole) > 1 and whole[0] in _OPENING and whole[-1] in _CLOSING:
        return whole[1:-1]
    return None
