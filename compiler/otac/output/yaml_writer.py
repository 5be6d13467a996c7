"""JSON data as YAML that every YAML 1.1 and 1.2 reader takes for the same data.

The output is ASCII: Prefect opens `prefect.yaml` in the platform's own encoding, which on
Windows is not UTF-8. It is never folded. PyYAML's dumper was refused: block text and lists
that stand in from their key both need subclasses of it, which are longer than this.
"""

import re
from collections.abc import Mapping
from math import isinf, isnan

from otac.source.document import Json

# A word or several, beginning with a letter: never a number, a date or an indicator.
_PART = r"[A-Za-z0-9_.,;()'@/+-]+"
_WORD = rf"{_PART}(?::{_PART})*"
_PLAIN = re.compile(rf"(?=[A-Za-z_]){_WORD}(?: {_WORD})*")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])

# Text that a block shows as it is: no space where nobody sees it, nothing to escape.
_BLOCK = re.compile(r"[!-~](?:[ -~]*[!-~])?(?:\n+[ -~]*[!-~])+\n?")
_ESCAPED = re.compile(r'[^ -~]|["\\]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Beyond 1024 characters readers no longer take a key for a key without a question mark.
_LONGEST_KEY = 1000


def entry(key: str, value: Json) -> list[str]:
    """The lines of one `key: value` of a mapping, without line ends."""
    name = flat(key)
    if len(name) > _LONGEST_KEY:
        return [f"? {name}", *_after(":", value)]
    return _after(f"{name}:", value)


def item(value: Json) -> list[str]:
    """The lines of one item of a list, without line ends."""
    if not value or not isinstance(value, dict | list):
        return _after("-", value)
    first, *rest = _lines(value)
    return [f"- {first}", *_indented(rest)]


def _after(opening: str, value: Json) -> list[str]:
    """`value` behind `opening`, or below it where it needs lines of its own."""
    if isinstance(value, str) and _BLOCK.fullmatch(value):
        mark = "|" if value.endswith("\n") else "|-"
        return [f"{opening} {mark}", *_indented(value.removesuffix("\n").split("\n"))]
    if value and isinstance(value, dict | list):
        return [opening, *_indented(_lines(value))]
    return [f"{opening} {flat(value)}"]


def _lines(value: Mapping[str, Json] | list[Json]) -> list[str]:
    if isinstance(value, list):
        return [line for one in value for line in item(one)]
    return [line for key, one in value.items() for line in entry(key, one)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" if line else line for line in lines]


def flat(value: Json) -> str:
    """What fits on one line: a scalar, `{}` or `[]`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _number(value)
        case str():
            return _text(value)
        case dict():
            return "{}"
        case list():
            return "[]"


def _number(value: float) -> str:
    if isnan(value):
        return ".nan"
    if isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 reads `1e+16` as text.
    return text if "." in text else text.replace("e", ".0e")


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
        return value
    return f'"{_ESCAPED.sub(escape, value)}"'


def escape(found: re.Match[str]) -> str:
    """A character as it is written between double quotes."""
    character = found.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
