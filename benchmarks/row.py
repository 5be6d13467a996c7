"""One line of the results."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured value, the most it should be, and what it was measured against."""

    what: str
    value: float
    limit: float
    peer: str
    unit: str = ""
