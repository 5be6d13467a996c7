"""Keys that were meant to be there and, because of an error, are not."""

from typing import NamedTuple

from otac.source.span import Span


class Lost(NamedTuple):
    """A key that was misspelt, or whose value was refused, in the mapping at `span`."""

    key: str
    span: Span
