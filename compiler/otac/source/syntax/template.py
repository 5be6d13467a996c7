"""Templates that lost their quotes: YAML takes `{{` for the start of two mappings."""

import re

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Span
from otac.source.syntax.line import line_at, uncommented
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quoting import in_brackets, quoted

_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Where a value may start on a line, and does so with a template.
_VALUE = re.compile(r"(?:^\s*|[:,?-]\s+|\[\s*)(?=\{[{%#])")
_ITEM_END = re.compile(r"\s*(?:[,\]}]|$)")


def opens(text: str, start: int) -> bool:
    """Whether a template stands at `start`."""
    closing = _CLOSING.get(text[start : start + 2])
    return closing is not None and text.find(closing, start) > 0


def unquoted(text: str, start: int) -> Diagnostic:
    """The diagnostic about a template at `start`."""
    end = _end(text, start)
    whole = text[start:end]
    complete = whole.count("{{") == whole.count("}}")
    suggestion = quoted(whole) if complete else None
    return error(
        "OTC115",
        "a template must be in quotes",
        Span(start, end),
        "without quotes, `{` starts a mapping",
        help=f"write `{suggestion}`"
        if suggestion
        else "put quotes around the template",
        suggestion=suggestion,
    )


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    text = problem.text
    starts = list(problem.brackets)
    if problem.kind is ProblemKind.NO_COMMA and problem.opening is not None:
        starts.append(problem.opening)
    for start in starts:
        # The parser may have got to the second brace.
        for place in (start - 1, start):
            if opens(text, place):
                return unquoted(text, place)
    line = problem.line
    for found in _VALUE.finditer(line.text):
        start = line.start + found.end()
        if start > problem.offset:
            break
        before = line.text[: found.end()]
        in_quotes = before.count('"') % 2 or before.count("'") % 2
        if opens(text, start) and not in_quotes:
            return unquoted(text, start)
    return None


def _end(text: str, start: int) -> int:
    """The end of a value that starts with a template, on its first line."""
    line = line_at(text, start)
    rest = line.text[start - line.start :]
    closing = _CLOSING[rest[:2]]
    if in_brackets(line.text[: start - line.start]):
        close = rest.find(closing)
        behind = _ITEM_END.search(rest, close + 2) if close >= 0 else None
        return line.end if behind is None else start + behind.start()
    last = rest.rfind(closing) + 2
    # A `#` inside the template starts no comment.
    return start + last + len(uncommented(rest[last:])) if last >= 2 else line.end
