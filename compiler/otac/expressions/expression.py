"""A string of the configuration, read as Jinja."""

from dataclasses import dataclass

from otac.expressions.problem import ExpressionProblem
from otac.expressions.reference import Reference


@dataclass(frozen=True, slots=True)
class ParsedExpression:
    """What a string says, as far as it can be known without running it.

    `single` is true where the string is one `{{ expression }}` and nothing but white
    space around it: it yields the value itself. `references` stand in the order of the
    text. With a syntax error there is a `problem` and there are no references.
    """

    text: str
    single: bool = False
    references: tuple[Reference, ...] = ()
    problem: ExpressionProblem | None = None
