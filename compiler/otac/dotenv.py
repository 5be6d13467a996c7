"""Files of `NAME=value` lines, as Docker, Prefect and many others read them."""

import re
from collections.abc import Mapping

_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=(.*)$", re.MULTILINE
)


def read_lines(text: str) -> Mapping[str, str]:
    """The variables that a file sets; of a name that is set twice, the last.

    Quotes around a value are no part of it, nor is ` # ...` behind one without. Lines of
    any other form are comments.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n")
    return {match[1]: _unquoted(match[2].strip()) for match in _LINE.finditer(text)}


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text.partition(" #")[0].rstrip()
