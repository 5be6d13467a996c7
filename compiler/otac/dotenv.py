"""Files of `NAME=value` lines, as Docker, Prefect and many others read them."""

import re
from collections.abc import Iterator, Mapping

_NAME = r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*"
_LINE = re.compile(rf"^{_NAME}=(.*)$", re.MULTILINE)
# A name alone: the environment's own variable, as Docker has it.
_PASSED_ON = re.compile(rf"{_NAME}$")
_QUOTED = re.compile(r"""(['"])(.*?)\1[ \t]*(?:#.*)?$""")


def read_lines(text: str) -> Mapping[str, str]:
    """The variables that a file sets; of a name that is set twice, the last.

    Quotes around a value are no part of it, nor is ` # ...` behind one without. Lines of
    any other form are comments.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n")
    return {match[1]: _unquoted(match[2].strip()) for match in _LINE.finditer(text)}


def unfit_lines(text: str) -> Iterator[tuple[int, str]]:
    """Where a file says something that `read_lines` does not understand, and why.

    `text` has neither a byte order mark nor `\\r\\n`, so that offsets are those of it.
    """
    start = 0
    for line in text.split("\n"):
        found = _LINE.match(line)
        value = "" if found is None else found[2].strip()
        column = len(line) - len(line.lstrip())
        if found is None:
            said = line.strip()
            if said and said[0] != "#" and _PASSED_ON.match(line) is None:
                yield start + column, "this line is not `NAME=value`"
        elif "\0" in value:
            yield start + found.start(1), f"`{found[1]}` has a NUL in its value"
        elif value[:1] in ("'", '"') and _QUOTED.match(value) is None:
            at = start + line.index(value, found.start(2))
            yield at, f"the quote before the value of `{found[1]}` is not closed"
        start += len(line) + 1


def _unquoted(text: str) -> str:
    quoted = _QUOTED.match(text)
    return quoted[2] if quoted is not None else text.partition(" #")[0].rstrip()
