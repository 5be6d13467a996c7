"""The line at the end of a note that tells for which key the ticket was updated.

It stands in the ticket itself, so that it is seen from every machine, and needs nothing that
an administrator would have to set up, as a dynamic field does.
"""

import re

_LINE = re.compile(r"(?:\A|\n)\s*\[otac (.+)\]\s*\Z")


def mark(body: str, key: str) -> str:
    """The text with the line."""
    return f"{body.rstrip()}\n\n[otac {_one_line(key)}]"


def unmark(body: str) -> tuple[str, str | None]:
    """The text without the line, and the key in it as `same_key` wants it."""
    found = _LINE.search(body)
    if found is None:
        return body, None
    return body[: found.start()].rstrip(), found[1]


def same_key(key: str, keys: frozenset[str]) -> bool:
    """Whether the key is among those that `unmark` found."""
    return _one_line(key) in keys


def _one_line(key: str) -> str:
    return " ".join(key.split())
