"""Telling Jinja from plain text."""

import re

OPENING = re.compile(r"\{[{%#]")


def uses_template(text: str) -> bool:
    """Whether a string holds Jinja at all; `${NAME}` and lone braces are plain text."""
    return "{" in text and OPENING.search(text) is not None
