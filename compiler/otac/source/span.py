"""Where a piece of the configuration stands."""

from typing import NamedTuple


class Span(NamedTuple):
    """A range of characters of a document, `start` inclusive and `end` exclusive.

    Offsets count Unicode code points from 0 in the decoded text. `via` is the place
    where an alias (`*name`) or a merge (`<<: *name`) brought the value in, so that a
    message can show both the definition and its use; None for a value written in place.
    """

    start: int
    end: int
    via: "Span | None" = None
