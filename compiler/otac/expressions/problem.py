"""A finding about the text of an expression."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """What is wrong at `text[start:end]`; the range is never empty.

    `suggestion` is the text that could replace the range, or None; `missing` what is to be
    added, and before which character.
    """

    message: str
    start: int
    end: int
    help: str | None = None
    suggestion: str | None = None
    missing: tuple[int, str] | None = None
