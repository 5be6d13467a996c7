"""Jinja strings of a configuration: their grammar, what they refer to, their value.

Here itself, what tells Jinja from plain text: that needs no Jinja.
"""

import re

OPENING = re.compile(r"\{[{%#]")


def uses_template(text: str) -> bool:
    """Whether a string holds Jinja at all; `${NAME}` and lone braces are plain text."""
    return "{" in text and OPENING.search(text) is not None
