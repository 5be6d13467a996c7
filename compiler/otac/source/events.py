"""The YAML parser, seen as a stream of events: PyYAML's, in C where it came with it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml

# Of an event only the attributes are used, and the C parser's marks share no class with
# the other one's, so there is no narrower type to give.
NextEvent: TypeAlias = Callable[[], Any]

# YAML 1.1, which PyYAML parses, breaks lines at these; to YAML 1.2 they are characters
# like any other. Characters for private use that the text has none of stand in for them.
_OLD_BREAKS = "\x85\u2028\u2029"
_PRIVATE = range(0xE000, 0xF900)


class Events(NamedTuple):
    """The events of a text.

    `next` returns the next one and None after the last, and raises yaml.YAMLError where
    the text stops being YAML. `stand_ins` translates the text of a scalar back; it is
    None for nearly every file.
    """

    next: NextEvent
    stand_ins: dict[int, str] | None = None


def parse(text: str, in_c: bool = yaml.__with_libyaml__) -> Events:
    """The events of a text whose line breaks are normalised."""
    stand_ins = None
    if any(character in text for character in _OLD_BREAKS):
        # A text that uses all 6,400 of them keeps the meaning of 1.1.
        stand_ins = dict(zip(_unused(text), _OLD_BREAKS, strict=False))
        text = text.translate({ord(old): new for new, old in stand_ins.items()})
    # The loaders that construct nothing: only their parser is wanted.
    if in_c:
        return Events(yaml.CBaseLoader(text).get_event, stand_ins)
    from otac.source.characters import refusing

    return Events(refusing(yaml.BaseLoader(text).get_event, text), stand_ins)


def _unused(text: str) -> Iterator[int]:
    """Private code points that the text has neither as such nor as an escape."""
    lowered = text.lower()
    return (c for c in _PRIVATE if chr(c) not in text and f"{c:x}" not in lowered)
