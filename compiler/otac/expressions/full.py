"""Reading any template with Jinja's own parser."""

from jinja2 import TemplateSyntaxError, nodes

from otac.expressions.environment import Sandbox, sole_expression
from otac.expressions.expression import ParsedExpression
from otac.expressions.problem import ExpressionProblem
from otac.expressions.syntax import explain
from otac.expressions.tokens import Tokens
from otac.expressions.tree import Survey

# Jinja's parser needs 13 Python frames a bracket, and a worker's stack is not empty.
_MOST_BRACKETS = 40


def read_fully(text: str) -> ParsedExpression:
    """What a template says; all that Jinja cannot read becomes the `problem`."""
    tokens = Tokens(text)
    deepest = _deepest_bracket(tokens)
    if deepest is not None:
        return ParsedExpression(text, problem=_too_deep(deepest))
    try:
        tree = tokens.parser().parse()
    except TemplateSyntaxError as error:
        message = error.message or ""
        return ParsedExpression(
            text, problem=explain(tokens, message, error.lineno - 1)
        )
    except (SyntaxError, ValueError):  # of Python, for `1e1000_` and endless digits
        at = tokens.reached
        return ParsedExpression(
            text,
            problem=ExpressionProblem("this number cannot be read", at.start, at.end),
        )
    except RecursionError:
        return ParsedExpression(text, problem=_too_deep(0))
    survey = Survey(tree, tokens)
    single = sole_expression(tree, text) is not None
    problem = survey.problem or _refused(tree, tokens)
    return ParsedExpression(text, single, survey.references, problem)


def _refused(tree: nodes.Template, tokens: Tokens) -> ExpressionProblem | None:
    """What Jinja refuses only when it turns a template into code.

    That depends on the statements alone, and most templates have none.
    """
    if not any(piece.kind == "block_begin" for piece in tokens.pieces):
        return None
    try:
        compile(Sandbox().compile(tree, raw=True), "<template>", "exec")
    except TemplateSyntaxError as error:
        message = error.message or ""
        return explain(tokens, message, max(0, error.lineno - 1))
    except (SyntaxError, ValueError, RecursionError):
        return _too_deep(0)
    return None


def _deepest_bracket(tokens: Tokens) -> int | None:
    """The offset of the first bracket that is nested too deeply."""
    depth = 0
    for piece in tokens.pieces:
        if piece.kind == "operator":
            depth += (piece.text in "([{") - (piece.text in ")]}")
            if depth > _MOST_BRACKETS:
                return piece.start
    return None


def _too_deep(offset: int) -> ExpressionProblem:
    return ExpressionProblem(
        "this is nested too deeply", offset, offset + 1, "split it into several steps"
    )
