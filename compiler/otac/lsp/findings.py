"""What the last compilation found, at the places where that stands in a later text."""

from collections.abc import Iterator
from dataclasses import replace

from otac.diagnostics.diagnostic import Diagnostic, Label
from otac.diagnostics.edit import Correction, Edit, Proposal, Reshaping
from otac.lsp.latest import TextChange, change


class TextFindings:
    """The findings about one text of a document."""

    def __init__(self) -> None:
        self._text = ""
        self._found: tuple[Diagnostic, ...] = ()

    def put(self, text: str, found: tuple[Diagnostic, ...]) -> None:
        """Takes what a compilation of a text found."""
        self._text, self._found = text, found

    def at(self, text: str) -> tuple[Diagnostic, ...]:
        """Those whose places have not been touched since."""
        if text == self._text:
            return self._found
        changed = change(self._text, text)
        return tuple(one for found in self._found for one in moved(found, changed))


def moved(found: Diagnostic, changed: TextChange) -> Iterator[Diagnostic]:
    """The finding in the text after a change; nothing where its place was touched."""
    span = None if found.span is None else changed.moved(found.span)
    if span is not None:
        labels = ((changed.moved(one.span), one.text) for one in found.labels)
        kept = tuple(Label(at, text) for at, text in labels if at is not None)
        proposed = _proposed(found, changed)
        yield replace(found, span=span, labels=kept, proposed=proposed)


def _proposed(found: Diagnostic, changed: TextChange) -> Proposal | None:
    """None, too, where something was typed at one of its places."""
    match found.proposed:
        case Correction(edits=edits):
            moved = [(changed.moved(span), text) for span, text in edits]
            kept = tuple(Edit(span, text) for span, text in moved if span is not None)
            whole = len(kept) == len(edits)
            return found.proposed._replace(edits=kept) if whole else None
        case Reshaping(span=span, other=other):
            at = changed.moved(span)
            second = None if other is None else changed.moved(other)
            if at is None or (second is None) != (other is None):
                return None
            return found.proposed._replace(span=at, other=second)
        case None:
            return None
