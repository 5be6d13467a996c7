"""The change of a file that a finding proposes."""

from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic
from otac.source.span import Span


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
    quote = written[:1] if written[:1] in ("'", '"') else ""
    is_quoted = len(written) > 1 and quote and written.endswith(quote)
    # A suggestion is a value; the quotes around the old one stay.
    return Correction(span, f"{quote}{suggestion}{quote}" if is_quoted else suggestion)
