"""The change of a file that a finding proposes."""

import re
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic
from otac.source.span import Span

_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
# What is neither in quotes or brackets itself, nor a number, nor a word for a value.
_TEXT = re.compile(r"(?![\"'\[{]|[-+]?\.?\d[\d.]*$|(?:true|false|null)$)")


class Correction(NamedTuple):
    """`text` takes the place of what stands at `span`."""

    span: Span
    text: str

    def applied(self, text: str) -> str:
        """The file's text with it."""
        return text[: self.span.start] + self.text + text[self.span.end :]


def correction(found: Diagnostic, text: str) -> Correction | None:
    """What the suggestion of a finding makes of the text it was found in."""
    span, suggestion = found.span, found.suggestion
    if span is None or suggestion is None:
        return None
    written = text[span.start : span.end]
    quote = written[:1]
    is_quoted = _QUOTED.fullmatch(written) is not None
    # A text takes the place of the text between quotes, anything else that of the whole.
    if is_quoted and _TEXT.match(suggestion):
        return Correction(span, f"{quote}{suggestion}{quote}")
    return Correction(span, suggestion)
