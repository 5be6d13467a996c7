"""Halves of characters, which YAML's parser in Python makes of `\\ud83d`."""

import re
from collections.abc import Callable
from typing import Any

import yaml

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
