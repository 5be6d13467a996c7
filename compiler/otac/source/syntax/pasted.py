"""Lines that came along when a configuration was copied out of a terminal or a page."""

import re

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.source.document import Span
from otac.source.syntax.problem import SyntaxProblem

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE)
# At the start of a line, where nothing of a block of text can be: `$ otac check`,
# `user@host:~/helpdesk$ cat config.yml`, `PS C:\helpdesk> otac check`.
_PROMPT = re.compile(
    r"^(?:\(\S+\) )?(?:\$|>>>|[\w.-]+@[\w.-]+:\S*[$#]|(?:PS )?[A-Z]:\\[^\n>]*>)"
    r"(?:[ \t][^\n]*)?$",
    re.MULTILINE,
)


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    """The first such line up to where the parser stopped."""
    for pattern, label in (
        (_FENCE, "it marks code in a page of text"),
        (_PROMPT, "it is what a terminal shows where a command is typed"),
    ):
        for found in pattern.finditer(problem.text, 0, problem.line.end):
            start = found.end() - len(found[0].lstrip())
            # Further in, it may be a part of a text that begins above.
            if start == found.start() or found.end() >= problem.offset:
                return error(
                    "OTC116",
                    "this line is not a part of the configuration",
                    Span(start, found.end()),
                    label,
                    help="remove it",
                    suggestion="",
                )
    return None
