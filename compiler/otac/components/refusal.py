"""Says why a value was refused, without saying the value, or with only what is harmless."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

# The type of our own errors, whose messages quote nothing.
OWN = "otac"
_KNOWN: frozenset[str] = frozenset((*get_args(ErrorType), OWN))
# Their messages are written by authors of models, or quote the input.
_QUOTING = frozenset({"value_error", "assertion_error", "union_tag_invalid"})
_CLIPPED = 60
# What moves the cursor of a terminal, recolours or renames it, or turns the direction of
# what follows; half characters, which no log and no state can hold. Lines and tabs stay.
_HARMFUL = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e"
    "\u2066-\u2069\ud800-\udfff]"
)


def describe(error: ValidationError, *prefix: str) -> list[str]:
    """One phrase for each problem, e.g. "needs `limit` to be a valid integer"."""
    phrases: list[str] = []
    for item in error.errors(
        include_url=False, include_input=False, include_context=False
    ):
        path = printable(".".join(str(part) for part in (*prefix, *item["loc"])))
        phrases.append(_phrase(path, item["type"], item["msg"]))
    return list(dict.fromkeys(phrases))


def _phrase(path: str, kind: str, message: str) -> str:
    if kind == "missing":
        return f"needs `{path}`"
    if kind == "extra_forbidden":
        return f"has no parameter `{path}`"
    if kind not in _KNOWN - _QUOTING or " should " not in message:
        return f"cannot use the value of `{path}`"
    requirement = message.split(" should ", 1)[1]
    if kind not in ("literal_error", "enum", OWN):
        # What follows the comma is about the value.
        requirement = requirement.split(",", 1)[0]
    return f"needs `{path}` to {requirement}"


def printable(name: str, longest: int = _CLIPPED) -> str:
    """A name that fits in a line of a log, whatever it holds."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def near(name: str, known: Sequence[str]) -> str:
    """What to say behind a name that is not known: the one that may be meant, if any."""
    meant = get_close_matches(name, known, n=1)
    return f" (did you mean `{meant[0]}`?)" if meant else ""


def harmless(text: str) -> str:
    """A text of somebody else's, fit for a log that is read in a terminal."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)


def is_harmless(text: str) -> bool:
    """Whether `harmless` leaves it as it is."""
    return _HARMFUL.search(text) is None
