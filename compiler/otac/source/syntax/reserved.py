"""Values that start with a character that means something else in YAML."""

import re

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source import mistakes
from otac.source.document import Span
from otac.source.properties import tag_span
from otac.source.syntax.line import line_at
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quoting import extent, quoted

_MEANINGS = {
    "@": "YAML reserves `@`",
    "`": "YAML reserves the backtick",
    "%": "`%` starts a directive",
    "*": "`*` starts an alias",
    "&": "`&` starts an anchor",
    ">": "`>` starts a block of text on the lines below",
    "|": "`|` starts a block of text on the lines below",
    "?": "`?` starts a key",
    ",": "`,` separates the items of a list",
    "]": "`]` closes a list",
    "}": "`}` closes a mapping",
}
# A value that started with a `*` further left, as a cron expression does.
_ALIAS = re.compile(r"(?:^\s*|[:,?-]\s+|\[\s*)(\*.*)$")


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    if problem.kind is ProblemKind.TAG and problem.opening is not None:
        span = tag_span(problem.text, problem.opening)
        return mistakes.unknown_tag(problem.text[span.start : span.end], span)
    start = _start(problem)
    if start is None:
        return None
    character = problem.text[start : start + 1]
    if character not in _MEANINGS:
        return None
    end = max(extent(problem.text, start), start + 1)
    suggestion = quoted(problem.text[start:end])
    named = "a backtick" if character == "`" else f"`{character}`"
    return error(
        "OTC116",
        f"text that starts with {named} must be in quotes",
        Span(start, end),
        _MEANINGS[character],
        help=f"write `{suggestion}`",
        suggestion=suggestion,
    )


def _start(problem: SyntaxProblem) -> int | None:
    """Where the value starts, if it is one that its first character spoils."""
    match problem.kind:
        case ProblemKind.BAD_START | ProblemKind.QUESTION_MARK:
            return problem.offset
        case ProblemKind.BLOCK_HEADER:
            return problem.opening
        case ProblemKind.NO_CONTENT if not problem.brackets:
            return problem.offset
        case ProblemKind.NAME:
            return _alias_before(problem, problem.opening)
        case ProblemKind.NO_KEY | ProblemKind.NO_DASH if not problem.before:
            return problem.offset
        case ProblemKind.NO_KEY | ProblemKind.NO_DASH:
            return _alias_before(problem, None)
        case _:
            return None


def _alias_before(problem: SyntaxProblem, otherwise: int | None) -> int | None:
    at = problem.offset if otherwise is None else otherwise
    line = line_at(problem.text, at)
    found = _ALIAS.search(line.text[: at - line.start].rstrip())
    return otherwise if found is None else line.start + found.start(1)
