"""Reading the Jinja in a string of the configuration."""

from functools import lru_cache

from otac.expressions import uses_template
from otac.expressions.expression import ParsedExpression
from otac.expressions.shape import read

__all__ = ["known_filters", "known_tests", "parse", "uses_template"]


@lru_cache(maxsize=32_768)
def parse(text: str) -> ParsedExpression:
    """What a string says. Never raises: what is wrong is the expression's `problem`."""
    if not uses_template(text):
        return ParsedExpression(text)
    expression = read(text)
    if expression is None:
        from otac.expressions.full import read_fully  # imports Jinja: 0.1 s

        expression = read_fully(text)
    return expression


@lru_cache(maxsize=1)
def known_filters() -> frozenset[str]:
    """The names that can follow `|`."""
    from otac.expressions.environment import Sandbox

    return frozenset(Sandbox().filters)


@lru_cache(maxsize=1)
def known_tests() -> frozenset[str]:
    """The names that can follow `is`."""
    from otac.expressions.environment import Sandbox

    return frozenset(Sandbox().tests)
