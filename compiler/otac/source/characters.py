"""Whether the bytes of a file are text at all."""

import re
from collections.abc import Callable
from typing import Any

import yaml

from otac.diagnostics.diagnostic import Diagnostic
from otac.source import mistakes
from otac.source.source_text import encoding_of, normalised

# What YAML takes for a character, written the other way round.
_FORBIDDEN = "[^\t\n -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def undecodable(data: bytes) -> Diagnostic | None:
    """What keeps the bytes from being decoded, if anything does."""
    encoding, skipped = encoding_of(data)
    try:
        data[skipped:].decode(encoding)
    except UnicodeDecodeError as problem:
        start = skipped + problem.start
        readable = normalised(data[skipped:start].decode(encoding))
        return mistakes.not_utf8(encoding, data[start], len(readable))
    return None


def forbidden(text: str) -> Diagnostic | None:
    """The first character that YAML does not allow, if there is one."""
    found = re.findall(_FORBIDDEN, text)
    if not found:
        return None
    nulls = found.count("\0")
    return mistakes.forbidden_character(
        found[0],
        text.index(found[0]),
        len(found),
        # Every other byte of western text in UTF-16 is a null.
        utf16=nulls * 3 > len(text),
    )


# Halves of characters, which YAML's parser in Python makes of `\ud83d`.
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")


def refusing(next_event: Callable[[], Any], text: str) -> Callable[[], Any]:
    """The same events, with the error that the parser in C has for such an escape.

    What is half a character could be written to no file.
    """

    def checked() -> Any:
        event = next_event()
        if type(event) is yaml.ScalarEvent and _SURROGATE.search(event.value):
            start: Any = event.start_mark
            escape = _ESCAPE.search(text, start.index)
            index = start.index if escape is None else escape.start()
            raise yaml.MarkedYAMLError(
                "while parsing a quoted scalar",
                start,
                "found invalid Unicode character escape code",
                yaml.Mark(start.name, index, start.line, start.column, None, index),
            )
        return event

    return checked
