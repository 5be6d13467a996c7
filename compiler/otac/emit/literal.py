"""Data as Python literals: the only way by which text from outside enters Python.

What is printable is fixed here and not asked of `unicodedata`, whose answer changes with
the Python version. Everything else is escaped: control characters, zero-width and
combining ones, and all that is written from right to left, so that no text can make a
line look like something it is not.
"""

import re
from functools import lru_cache
from math import isfinite, isnan

from otac.emit.layout import Code, Group, call, items_of, mapping
from otac.source.document import Json

# Latin, Greek, Cyrillic, punctuation, Kana, CJK ideographs, Hangul and full-width forms:
# ranges in which every character is visible and, where it is wide, wide for all tools.
_BEYOND_ASCII = (
    "\u00a1-\u00ac\u00ae-\u024f\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027"
    "\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u3001-\u3029\u3041-\u3096\u309b-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
)
PRINTABLE = rf" -~{_BEYOND_ASCII}"

_PLAIN = re.compile(rf"[ !#-\[\]-~{_BEYOND_ASCII}]*").fullmatch
_ESCAPED = re.compile(rf"[^{PRINTABLE}]|\\").sub
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
# Python refuses to read longer decimal integers, but not longer hexadecimal ones.
_DECIMAL_BITS = 14_000


def literal(value: Json, before: str = "") -> Code:
    """The expression that evaluates to the value, with `before` on its first line."""
    if isinstance(value, str):
        return text(value, before)
    if value is None or isinstance(value, bool):
        return f"{before}{value}"
    if isinstance(value, int):
        return before + _integer(value)
    if isinstance(value, float):
        return _real(value, before)
    if isinstance(value, list):
        return items_of([literal(item) for item in value], before)
    return mapping(
        [literal(item, f"{quoted(key)}: ") for key, item in value.items()], before
    )


def text(value: str, before: str = "") -> Code:
    """A string; one of several lines may become a literal for each line."""
    whole = quoted(value)
    if "\n" not in value:
        return before + whole
    pieces = lines_of(value)
    if len(pieces) == 1:
        return before + whole
    return Group(f"{before}(", pieces, ")", "", before + whole, whole)


def lines_of(value: str) -> list[str]:
    """A literal for each line of the text, line breaks included."""
    *lines, rest = value.split("\n")
    pieces = [quoted(f"{line}\n") for line in lines]
    return [*pieces, quoted(rest)] if rest or not pieces else pieces


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """A string as one literal, in double quotes unless single ones need fewer escapes."""
    if _PLAIN(value):
        return f'"{value}"'
    quote = "'" if value.count('"') > value.count("'") else '"'
    return quote + escaped(value).replace(quote, "\\" + quote) + quote


def double_quoted(value: str) -> str:
    """A string as one literal that YAML reads the same way as Python does."""
    return '"' + escaped(value).replace('"', '\\"') + '"'


def escaped(value: str) -> str:
    """The inside of a literal, in which quotes are still as they are."""
    return _ESCAPED(_escape, value)


def number(seconds: float) -> str:
    """A number of our own, whole ones without a fraction: `30`, `0.5`."""
    return str(int(seconds)) if seconds == int(seconds) else _exponent(seconds)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _integer(value: int) -> str:
    if value.bit_length() < _DECIMAL_BITS:
        return str(value)
    return f"{'-' if value < 0 else ''}0x{abs(value):X}"


def _real(value: float, before: str) -> Code:
    if isfinite(value):
        return before + _exponent(value)
    name = "nan" if isnan(value) else "inf" if value > 0 else "-inf"
    return call(f"{before}float", [quoted(name)])


def _exponent(value: float) -> str:
    # Formatters write exponents without a plus sign.
    return repr(value).replace("e+", "e")
