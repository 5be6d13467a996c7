"""Anchor and tag in front of a node: where they stand, and what value a tag and the text make."""

import math
import re

from otac.diagnostics.diagnostic import Diagnostic
from otac.source import mistakes
from otac.source.document import Mapping, Node, Scalar, ScalarValue, Sequence, Span

_ANCHOR_TEXT = r"&[0-9A-Za-z_-]*"
_TAG_TEXT = r"!(?:<[^>\n]*>?|[^\s,\[\]{}]*)"
_GAP = r"(?:[ \t\n]|#[^\n]*)*"
_PROPERTIES = re.compile(
    rf"{_ANCHOR_TEXT}{_GAP}(?:{_TAG_TEXT}{_GAP})?"
    rf"|{_TAG_TEXT}{_GAP}(?:{_ANCHOR_TEXT}{_GAP})?"
)
_ANCHOR = re.compile(_ANCHOR_TEXT)
_TAG = re.compile(_TAG_TEXT)


def skip(text: str, start: int) -> int:
    """The offset behind an anchor and a tag at `start`, or `start` if there is none."""
    found = _PROPERTIES.match(text, start)
    return start if found is None else found.end()


def anchor_span(text: str, start: int) -> Span:
    """Where the anchor stands in the properties that begin at `start`."""
    return _span(_ANCHOR, text, start)


def tag_span(text: str, start: int) -> Span:
    """Where the tag stands in the properties that begin at `start`."""
    return _span(_TAG, text, start)


def _span(pattern: re.Pattern[str], text: str, start: int) -> Span:
    found = pattern.search(text, start)
    return Span(start, start) if found is None else Span(*found.span())


# What the characters of a scalar stand for: the core schema of YAML 1.2.
#
# `yes`, `on`, `100_000`, `0777` as an octal and dates were YAML 1.1; here the first
# three and dates are text and the fourth is a decimal number.
# A plain scalar that starts with anything else is text.
_TYPED_STARTS = frozenset("0123456789+-.~nNtTfF")
_WORDS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(text: str) -> ScalarValue:
    """The value of a plain scalar without a tag."""
    if not text:
        return None
    if text[0] not in _TYPED_STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text):
        return _integer(text, 10)
    if _OCTAL.fullmatch(text):
        return _integer(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return _integer(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def as_float(number: int) -> float:
    """The number as a float; infinite where it is beyond all of them."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _integer(digits: str, base: int) -> ScalarValue:
    try:
        return int(digits, base)
    except ValueError:
        # Python refuses to convert some thousands of digits. They are beyond every
        # float, and so infinite as `1e999` is: the shape check refuses both.
        return float(digits)


# Explicit tags: those of the core schema are honoured, any other is a mistake.
_STANDARD = "tag:yaml.org,2002:"
# `! 12` is text, and `!!merge <<` is how some tools write a merge key.
_TAKEN_AS_TEXT = ("!", f"{_STANDARD}merge", f"{_STANDARD}str")
_VALUES: dict[str, type] = {
    f"{_STANDARD}int": int,
    f"{_STANDARD}float": float,
    f"{_STANDARD}bool": bool,
    f"{_STANDARD}null": type(None),
}
_COLLECTIONS: dict[str, type[Node]] = {
    f"{_STANDARD}map": Mapping,
    f"{_STANDARD}seq": Sequence,
}


def apply_tag(tag: str, node: Node, at: Span) -> Diagnostic | None:
    """Gives a scalar the type that its tag asks for; `at` is where the tag stands."""
    shown = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
    if tag not in _VALUES and tag not in _COLLECTIONS and tag not in _TAKEN_AS_TEXT:
        return mistakes.unknown_tag(shown, at)
    if isinstance(node, Scalar):
        if tag in _TAKEN_AS_TEXT:
            node.value = node.text
            return None
        if tag in _VALUES:
            value = resolve(node.text)
            if tag == f"{_STANDARD}float" and type(value) is int:
                value = as_float(value)
            if type(value) is _VALUES[tag]:
                node.value = value
                return None
    elif tag == "!" or type(node) is _COLLECTIONS.get(tag):
        return None
    return mistakes.tag_does_not_fit(shown, node, at)
