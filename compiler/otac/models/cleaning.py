"""What of a ticket's text its author wrote, and wrote for this ticket."""

import re
from collections.abc import Iterator
from itertools import pairwise

# From here on a mail quotes another one.
_QUOTED = re.compile(
    r"^[ \t]*(?:"
    r"-{2,} ?(?:original message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|forwarded message|message d'origine|mensaje original)\b.*"
    r"|(?:on|am|le|el) [^\n]{5,120}(?:wrote|schrieb[^\n]{0,80}|a écrit|escribió) ?:"
    r"|(?:from|von|de) ?: [^\n]+\n[ \t]*(?:sent|gesendet|date|datum|envoyé|enviado) ?:.*"
    r")[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# RFC 3676: two dashes and a blank, which many programs leave out.
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_GREETING = re.compile(
    r"^[ \t]*(?:(?:mit |viele |beste |liebe |schöne |freundliche )*"
    r"(?:freundlichen |besten |vielen |herzlichen )?grü(?:ß|ss)en?"
    r"|(?:kind|best|warm|many)? ?regards|sincerely(?: yours)?|mfg|cordialement"
    r"|saludos)[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# What follows a greeting and is longer than a signature is text.
_LONGEST_SIGNATURE = 15
# The line that otac writes at the end of its notes.
_OURS = re.compile(r"^[ \t]*\[otac [^\n]*\][ \t]*$", re.MULTILINE)
# Bounded, so that no text takes longer than its length.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,8}")
_NUMBER = re.compile(r"(?<!\w)\+?\d[\d /().-]{4,40}\d(?!\w)")
# Of longer texts, what follows is not read at all.
_LONGEST = 60_000


def clean(text: str) -> str:
    """The text without quoted mail, signature, our own marks, addresses and long numbers.

    If nothing would be left, the text as it is: a ticket may consist of a forwarded mail.
    """
    text = text[:_LONGEST]
    kept = _OURS.sub("", text)
    if (quoted := _QUOTED.search(kept)) is not None:
        kept = kept[: quoted.start()]
    kept = _QUOTED_LINE.sub("", kept)
    kept = _without_signature(kept)
    if not _has_words(kept):
        kept = _OURS.sub("", text)
    return _NUMBER.sub(" ", _ADDRESS.sub(" ", kept)).strip()


def _without_signature(text: str) -> str:
    ends = [one.start() for one in _SIGNATURE.finditer(text)]
    ends += [one.start() for one in _GREETING.finditer(text)]
    for end in sorted(ends):
        if text.count("\n", end) <= _LONGEST_SIGNATURE and _has_words(text[:end]):
            return text[:end]
    return text


def _has_words(text: str) -> bool:
    return sum(character.isalpha() for character in text[:2000]) >= 2


# The terms of a text: its words and pairs of them, and the pieces of its words.
#
# These are scikit-learn's analyzers `word` (1, 2) and `char_wb` (2, 5), written again
# so that a model needs scikit-learn only to be made; a test compares them.
# Of longer texts, what follows is quoted mail and logs.
LONGEST_TEXT = 20_000
_WORD = re.compile(r"\b\w\w+\b")
_SHORTEST_PIECE = 2
_LONGEST_PIECE = 5


def words(text: str) -> list[str]:
    """Its words of two letters or more, in lower case."""
    return _WORD.findall(text[:LONGEST_TEXT].lower())


def word_terms(text: str) -> list[str]:
    """Its words and pairs of neighbours."""
    single = words(text)
    pairs = pairwise(single)
    return [*single, *(f"{one} {two}" for one, two in pairs)]


def piece_terms(text: str) -> list[str]:
    """All pieces of two to five characters of each word, with the blanks around it."""
    return list(_pieces(text[:LONGEST_TEXT].lower()))


def _pieces(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
            if size >= length:
                # A short word counts once as a whole.
                yield padded
                break
            for start in range(length - size + 1):
                yield padded[start : start + size]
