"""The marks that a version control system leaves where two changes meet."""

import re

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.source.document import Span
from otac.source.syntax.problem import SyntaxProblem

_BEGINS = re.compile(r"^[ \t]*<{7}(?: .*)?$", re.MULTILINE)
_ENDS = re.compile(r"^[ \t]*>{7}(?: .*)?$", re.MULTILINE)


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    """The first conflict of the file, wherever the parser stopped."""
    begins = _BEGINS.search(problem.text)
    ends = _ENDS.search(problem.text)
    first = begins or ends
    if first is None:
        return None
    last = None if begins is None else _ENDS.search(problem.text, begins.end())
    return error(
        "OTC130",
        "a merge conflict is not resolved",
        _span(first),
        "version control marks where two changes meet",
        help="keep the lines that are right, and remove those that start with `<<<<<<<`,"
        " `=======` and `>>>>>>>`",
        labels=() if last is None else (Label(_span(last), "it ends here"),),
    )


def _span(found: re.Match[str]) -> Span:
    """Without what an editor has put before it."""
    indented = len(found[0]) - len(found[0].lstrip())
    return Span(found.start() + indented, found.end())
