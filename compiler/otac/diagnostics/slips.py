"""Whether one name is another one, misspelt."""

import re

from otac.diagnostics.suggest import edits

_WORD = re.compile(r"[^-_.:/\s]+")
_DIGITS = re.compile(r"\d+")
# From this length on, a word may have two slips.
_LONG = 8


def is_slip(one: str, other: str, shortest: int = 5) -> bool:
    """Whether two names that may both be right are so alike that one hardly is.

    Much stricter than `nearest`, which looks for a name that is meant instead of a wrong
    one. Names that differ in case and separators are alike, and such with a single other
    word, of at least `shortest` characters, which one edit makes the same, or two in a
    long word. Another number is no slip (`bert-v1`, `bert-v2`), nor is another short word
    (`queue-de`, `queue-en`), nor a syllable more (`known`, `unknown`).
    """
    if one == other or _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    words, others = _words(one), _words(other)
    if "".join(words) == "".join(others):
        return bool(words)
    if len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if len(set(pair)) > 1]
    return len(differing) == 1 and _is_one_word(*differing[0], shortest)


def is_likely(one: str, other: str) -> bool:
    """Whether one name may stand for the other: no word of it is quite another.

    Less than `is_slip`. `max_age` may be `max_age_hours`, and `ticket_fetch` is
    `ticket_fetcher`; `ticket_id` and `ticket_field` share a word and mean two things.
    """
    words, others = _words(one), _words(other)
    if len(words) != len(others):
        return True
    return len(words) == 1 or all(
        edits(a, b, max(1, min(len(a), len(b)) // 3)) is not None
        for a, b in zip(words, others, strict=True)
    )


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold())


def _is_one_word(one: str, other: str, shortest: int) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) < shortest:
        return False
    most = 2 if len(short) >= _LONG and short not in long else 1
    return edits(one, other, most) is not None
