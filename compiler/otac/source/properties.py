"""Anchor and tag in front of a node: where they stand and where the node itself starts."""

import re

from otac.source.span import Span

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
