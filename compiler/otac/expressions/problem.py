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


# What a failing expression raises.
class ExpressionError(Exception):
    """An expression has no value.

    The message names places and kinds, never the values that were at hand: it ends up in
    states and logs, and tickets and secrets must not.
    """
