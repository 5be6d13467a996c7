"""What the YAML parser says -> what an administrator can act on: OTC104, OTC115 on."""

from yaml import YAMLError

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.builder import Builder
from otac.source.document import Span
from otac.source.syntax import (
    brackets,
    colons,
    conflict,
    indentation,
    lookalike,
    open_quote,
    pasted,
    quotes,
    reserved,
    template,
)
from otac.source.syntax.problem import ProblemKind, SyntaxProblem, kind_of

# Each returns None where it does not know the mistake; the first that does has it. What
# no eye sees comes first, then an open quote and a template without quotes, for what the
# parser stops at depends on what is in them.
_EXPLANATIONS = (
    conflict.explain,
    pasted.explain,
    lookalike.explain,
    open_quote.explain,
    template.explain,
    quotes.explain,
    brackets.explain,
    reserved.explain,
    colons.explain,
    indentation.explain,
)


def explain(text: str, problem: YAMLError, builder: Builder) -> Diagnostic:
    """The diagnostic about a syntax error; `builder` holds what was read up to it."""
    words = ": ".join(
        part
        for name in ("context", "problem")
        if (part := getattr(problem, name, None)) is not None
    )
    at = getattr(problem, "problem_mark", None)
    opening = getattr(problem, "context_mark", None)
    return _explain(
        SyntaxProblem(
            text,
            kind_of(words),
            words or str(problem),
            min(len(text), 0 if at is None else at.index),
            None if opening is None else opening.index,
            builder.open_brackets(),
            builder.latest(),
        )
    )


def _explain(problem: SyntaxProblem) -> Diagnostic:
    for explanation in _EXPLANATIONS:
        found = explanation(problem)
        if found is not None:
            return found
    if problem.kind is ProblemKind.DIRECTIVE:
        return _directive(problem)
    offset = min(problem.offset, len(problem.text.rstrip()))
    return error(
        "OTC129",
        "this is not valid YAML",
        Span(offset, min(offset + 1, len(problem.text))),
        problem.words.replace("'", "`"),
        help="compare the quotes, brackets and indentation here and on the lines above",
    )


def _directive(problem: SyntaxProblem) -> Diagnostic:
    line = problem.line
    return error(
        "OTC128",
        "a line that starts with `%` is a YAML directive",
        Span(line.start, line.start + max(1, len(line.text.rstrip()))),
        "only `%YAML 1.2` and `%TAG` are known",
        help="remove the line, or put its text in quotes",
    )
