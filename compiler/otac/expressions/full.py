"""Reading any template with Jinja's own parser."""

from jinja2 import TemplateSyntaxError

from otac.expressions.environment import sole_expression
from otac.expressions.expression import Expression
from otac.expressions.problem import Problem
from otac.expressions.syntax import explain
from otac.expressions.tokens import Tokens
from otac.expressions.tree import Survey

# Jinja's parser needs 13 Python frames a bracket, and a worker's stack is not empty.
_MOST_BRACKETS = 40


def read_fully(text: str) -> Expression:
    """What a template says; all that Jinja cannot read becomes the `problem`."""
    tokens = Tokens(text)
    deepest = _deepest_bracket(tokens)
    if deepest is not None:
        return Expression(text, problem=_too_deep(deepest))
    try:
        tree = tokens.parser().parse()
    except TemplateSyntaxError as error:
        message = error.message or ""
        return Expression(text, problem=explain(tokens, message, error.lineno - 1))
    except (SyntaxError, ValueError):  # of Python, for `1e1000_` and endless digits
        at = tokens.reached
        return Expression(
            text, problem=Problem("this number cannot be read", at.start, at.end)
        )
    except RecursionError:
        return Expression(text, problem=_too_deep(0))
    survey = Survey(tree, tokens)
    single = sole_expression(tree, text) is not None
    return Expression(text, single, survey.references, survey.problem)


def _deepest_bracket(tokens: Tokens) -> int | None:
    """The offset of the first bracket that is nested too deeply."""
    depth = 0
    for piece in tokens.pieces:
        if piece.kind == "operator":
            depth += (piece.text in "([{") - (piece.text in ")]}")
            if depth > _MOST_BRACKETS:
                return piece.start
    return None


def _too_deep(offset: int) -> Problem:
    return Problem(
        "this is nested too deeply", offset, offset + 1, "split it into several steps"
    )
