"""The change of a file that a finding proposes, and how certain it is.

`--fix` makes what is certain: of a file that does not compile, where one thing alone can
have been meant. What a file that compiles does is never changed without being confirmed.
"""

import re
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Correction, Edit, Reshaping, Safety
from otac.diagnostics.reshaping import in_place_of, reshaped
from otac.diagnostics.suggest import Unclear, edits

# Shorter names say too little to recognise a slip by.
_SHORTEST_SLIP = 4


class _Judged(NamedTuple):
    safety: Safety
    reason: str = ""


_CERTAIN = _Judged(Safety.CERTAIN)
_CHANGES = _Judged(Safety.CONFIRM, "it changes what a file that compiles does")
_OTHER_NAME = _Judged(Safety.CONFIRM, "another name may have been meant")
_UNLIKELY = _Judged(Safety.GUESS, "it is the nearest name and hardly the one meant")
_INVENTED = _Judged(Safety.CONFIRM, "the new name is otac's choice")
_FILL_IN = _Judged(Safety.PLACEHOLDER, "set the variable where runs happen")

_BY_CODE = {
    # What is written has one reading, or the message would not propose another.
    **dict.fromkeys(("OTC115", "OTC116", "OTC117", "OTC118", "OTC119"), _CERTAIN),
    **dict.fromkeys(("OTC121", "OTC125", "OTC126", "OTC131"), _CERTAIN),
    **dict.fromkeys(("OTC204", "OTC207", "OTC215", "OTC316", "OTC340"), _CERTAIN),
    # Warnings that say how a value is read: the same, written out.
    **dict.fromkeys(("OTC358", "OTC367"), _CERTAIN),
    **dict.fromkeys(("OTC312", "OTC360"), _INVENTED),
    **dict.fromkeys(("OTC331", "OTC395"), _FILL_IN),
}
"""What the code alone decides; of all others, the suggestion is a name that is near."""
_FEW_NAMES = frozenset(
    ("OTC202", "OTC205", "OTC317", "OTC320", "OTC321", "OTC325", "OTC328", "OTC342")
)
"""Whose names are otac's or a component's and not the user's: there are no others."""


def correction(found: Diagnostic, text: str) -> Correction | None:
    """What a finding makes of the text it was found in."""
    match found.proposed:
        case Correction():
            return found.proposed
        case Reshaping():
            return reshaped(found.proposed, text)
        case None:
            pass
    if found.question is not None:
        return found.question.proposed(text)
    span, suggestion = found.span, found.suggestion
    if span is None or suggestion is None:
        return None
    written = text[span.start : span.end]
    safety, reason = _judged(found, written.strip("\"'"), suggestion)
    new = in_place_of(written, suggestion)
    title = f"replace with `{suggestion}`"
    return Correction((Edit(span, new),), title, safety, reason)


def _judged(found: Diagnostic, written: str, suggestion: str) -> _Judged:
    known = _BY_CODE.get(found.code)
    if known is not None:
        return _OTHER_NAME if isinstance(suggestion, Unclear) else known
    if found.severity is not Severity.ERROR:
        return _CHANGES
    if isinstance(suggestion, Unclear):
        return _OTHER_NAME
    if is_slip(written, suggestion, _SHORTEST_SLIP):
        return _CERTAIN
    is_letter = edits(written.casefold(), suggestion.casefold(), 1) is not None
    if is_letter and found.code in _FEW_NAMES and len(written) >= _SHORTEST_SLIP:
        return _CERTAIN
    return _OTHER_NAME if is_likely(written, suggestion) else _UNLIKELY


# Whether one name is another one, misspelt.
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
