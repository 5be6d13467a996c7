"""Diagnostics about files that are YAML and still no configuration: OTC101 to OTC114."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.suggest import nearest
from otac.source.document import Mapping, Node, Scalar, Span


def empty(text: str) -> Diagnostic:
    return error(
        "OTC101",
        "the file holds only comments" if text.strip() else "the file is empty",
        Span(0, 0),
        help="a configuration starts with `orchestrator:`; `otac init` writes one",
    )


def not_utf8(encoding: str, byte: int, offset: int) -> Diagnostic:
    message = "the file starts as UTF-16 and does not go on so"
    advice = "save the file as UTF-8"
    if encoding == "utf-8":
        message = f"the file is not UTF-8: byte 0x{byte:02x} starts no character here"
        # What a Windows editor means by that byte: nearly always the explanation.
        meant = bytes([byte]).decode("cp1252", "ignore")
        if meant.isalpha():
            advice += f"; it looks like Windows-1252, where this byte is `{meant}`"
    span = Span(offset, offset + 1)
    return error("OTC102", message, span, "not readable", help=advice)


def forbidden_character(
    character: str, offset: int, count: int, utf16: bool
) -> Diagnostic:
    if utf16:
        advice = "this looks like UTF-16; save the file as UTF-8"
    elif character == "\0":
        advice = "a configuration is a text file; is this the right file?"
    else:
        escape = f"\\x{ord(character):02x}"
        if character > "\xff":
            escape = f"\\u{ord(character):04x}"
        advice = f"remove it; inside double quotes it can be written as `{escape}`"
    name = "null character" if character == "\0" else "control character"
    return error(
        "OTC103",
        f"{name} U+{ord(character):04X} in the text",
        Span(offset, offset + 1),
        f"the first of {count:,} such characters" if count > 1 else "YAML forbids it",
        help=advice,
    )


def duplicate_key(key: Scalar, first: Scalar, restarts: bool = False) -> Diagnostic:
    """`restarts` says that the key is the one that a list item began with."""
    name = key.text
    if restarts:
        return error(
            "OTC105",
            f"key `{name}` is given twice",
            key.span,
            "the key that this item of the list began with",
            help="write `- ` before it if a new item begins here",
            proposed=Reshaping(
                How.NEW_ITEM,
                key.span,
                safety=Safety.CONFIRM,
                reason="keys above it may belong to the new item",
                other=first.span,
            ),
            labels=(Label(first.span, "the item began here"),),
        )
    merging = "merge several mappings with a list: `<<: [*a, *b]`"
    return error(
        "OTC105",
        f"key `{name}` is given twice",
        key.span,
        "the same key again",
        help=merging if name == "<<" else "keep one of the two",
        proposed=Reshaping(How.AGAIN, key.span, other=first.span),
        labels=(Label(first.span, "first given here"),),
    )


def undefined_alias(name: str, use: Span, anchors: dict[str, Span]) -> Diagnostic:
    if name in anchors:
        return error(
            "OTC106",
            f"alias `*{name}` comes before its anchor",
            use,
            "nothing has this name yet",
            help="move the value with the anchor above its first use",
            labels=(Label(anchors[name], "the anchor"),),
        )
    similar = nearest(name, anchors)
    if similar is None:
        return error(
            "OTC106",
            f"alias `*{name}` has no anchor",
            use,
            f"no value is marked with `&{name}`",
            help=f'mark a value with `&{name}` further up, or quote the text: `"*{name}"`',
        )
    return error(
        "OTC106",
        f"alias `*{name}` has no anchor",
        use,
        f"no value is marked with `&{name}`",
        help=f"did you mean `*{similar}`?",
        suggestion=f"*{similar}",
        labels=(Label(anchors[similar], "an anchor with a similar name"),),
    )


def recursive_alias(name: str, use: Span, anchor: Span) -> Diagnostic:
    return error(
        "OTC107",
        f"alias `*{name}` is inside the value it names",
        use,
        "the value would contain itself",
        help="move the shared part into an anchored value of its own",
        labels=(Label(anchor, "the value starts here"),),
    )


def too_many_copies(use: Span, most: int) -> Diagnostic:
    return error(
        "OTC108",
        f"aliases expand to more than {most:,} values",
        use,
        "the limit is passed here",
        help="aliases of values that hold aliases themselves multiply; write fewer",
    )


def too_many_values(at: Span, most: int) -> Diagnostic:
    return error(
        "OTC108",
        f"the file holds more than {most:,} values",
        at,
        "the limit is passed here",
        help="divide it into several configurations",
    )


def too_deep(at: Span, deepest: int, by_alias: bool = False) -> Diagnostic:
    return error(
        "OTC109",
        f"values are nested more than {deepest} levels deep",
        at,
        "with what the alias brings in" if by_alias else f"level {deepest + 1}",
        help="no configuration needs that; is a bracket or an indentation repeated?",
    )


def bad_merge(value: Node, use: Span | None) -> Diagnostic:
    what = "a single value" if isinstance(value, Scalar) else "a list of other things"
    return error(
        "OTC110",
        f"`<<` merges mappings, and this is {what}",
        use or value.span,
        "not a mapping",
        help="merge an anchored mapping, `<<: *name`, or several, `<<: [*a, *b]`",
        labels=() if use is None else (Label(value.span, "what the alias names"),),
    )


def second_document(at: Span) -> Diagnostic:
    return error(
        "OTC111",
        "the file holds more than one YAML document",
        at,
        "another document starts here",
        help="give each configuration a file of its own",
    )


def key_is_no_text(at: Span) -> Diagnostic:
    return error(
        "OTC112",
        "a key must be text",
        at,
        "a mapping or a list as a key",
        help="if this is meant as text, put it in quotes",
    )


def unknown_tag(tag: str, at: Span) -> Diagnostic:
    return error(
        "OTC113",
        f"tag `{tag}` is unknown",
        at,
        "only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are known",
        help="remove the tag, or put the value in quotes if the `!` is part of it",
    )


def tag_does_not_fit(tag: str, node: Node, at: Span) -> Diagnostic:
    if isinstance(node, Scalar):
        shown = f"`{node.text}`"
    else:
        shown = "a mapping" if isinstance(node, Mapping) else "a list"
    return error(
        "OTC114",
        f"{shown} is not what tag `{tag}` says",
        at,
        help="remove the tag, or correct the value",
    )


# Characters that look like those that YAML gives a meaning, and are others.
#
# Input methods, word processors and web pages bring them in: `：` for `:`, a no-break
# space or `&nbsp;` for a space, `“` for `"`. To YAML they are letters like any other.
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
