"""A correction together with a comment in the file that says why it was made."""

from collections.abc import Callable, Iterator

from otac import source
from otac.diagnostics.edit import Edit, Safety
from otac.fixing.offers import Offer
from otac.source.document import Document, Mapping, Node, Scalar, Sequence, Span
from otac.source.source_text import SourceText


def explaining(text: str) -> Callable[[Offer], Offer]:
    """What adds to corrections of this text that are not certain their reasons.

    The comment gets a line of its own above the entry or item that is corrected. Nothing
    is added in a text that cannot be read: what looks like a line between two may be part
    of a text there.
    """
    document = source.read("", text.encode("utf-8", "surrogatepass"))
    if not isinstance(document, Document):
        return lambda offer: offer
    lines = SourceText("", text)
    long = sorted(_over_lines(document.root, text))

    def explained(offer: Offer) -> Offer:
        found, correction = offer
        if correction.safety is Safety.CERTAIN:
            return offer
        at = _line_above(lines, long, correction.edits[0].span.start)
        indent = text[at:][: len(text[at:]) - len(text[at:].lstrip(" "))]
        said = f"{found.message}: {correction.reason}".replace("\n", " ")
        comment = Edit(Span(at, at), f"{indent}# otac: {said}\n")
        return Offer(found, correction._replace(edits=(comment, *correction.edits)))

    return explained


def _line_above(lines: SourceText, long: list[tuple[int, int]], offset: int) -> int:
    """Where the nearest line up from an offset starts that is not within a text."""
    at = lines.line_start(lines.place(offset).line)
    for start, end in reversed(long):
        if start < at < end:
            at = lines.line_start(lines.place(start).line)
    return at


def _over_lines(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """The places of texts over several lines, those of keys among them."""
    match node:
        case Scalar():
            if "\n" in text[node.start : node.end]:
                yield node.start, node.end
        case Mapping():
            for entry in node:
                yield from _over_lines(entry.key, text)
                yield from _over_lines(entry.value, text)
        case Sequence():
            for item in node.items:
                yield from _over_lines(item, text)
