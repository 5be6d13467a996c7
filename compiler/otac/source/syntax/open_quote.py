"""A quote that is not closed where its value ends, and takes in what follows it.

The parser pairs quotes as they come, so that it stops somewhere behind, at what was the
start of another text. Read here as people write: a quote opens a text where a value may
start, and one that closes a text stands where a value may end.
"""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.source.document import Span
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quoting import closed, in_brackets

# What stands before a value: nothing, a colon, a dash, an anchor; in brackets also those
# and a comma.
_BLOCK_START = re.compile(r"(?:^|[:?-][ \t]|[:?-][ \t]+[&!]\S*[ \t])[ \t]*\Z")
_FLOW_START = re.compile(r"(?:^|[:?-][ \t]|[\[{,]|[\[{,:][ \t]*[&!]\S*[ \t])[ \t]*\Z")
_TEXT = {
    '"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"(?:[^']|'')*'", re.DOTALL),
}
_REST_OF_KEY = {
    quote: re.compile(rf"[^{quote}\n]*{quote}[ \t]*:(?=\s|\Z)") for quote in _TEXT
}
_SIGN = re.compile(r"""["']|(?:^|(?<=\s))\#.*""")
_BLOCK_HEADER = re.compile(r"(?:^|[:-]\s+)(?:[&!]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?$")
# More of a line than anybody indents; beyond, a line of quotes would take for ever.
_NEAR = 200
# What the parser says there is exact, whatever quotes there are.
_EXACT = frozenset(
    (ProblemKind.TAB, ProblemKind.ESCAPE, ProblemKind.TAG, ProblemKind.DIRECTIVE)
)


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    """Where the first quote before the problem that is not closed in time stands."""
    if problem.kind in _EXACT:
        return None
    text = problem.text
    for start in _openings(problem):
        found = _TEXT[text[start]].match(text, start + 1)
        if found is None:
            return _not_closed(text, start, None)
        closing = found.end() - 1
        if closing <= problem.offset and _opens(problem, closing):
            return _not_closed(text, start, closing)
    return None


def _not_closed(text: str, start: int, closing: int | None) -> Diagnostic:
    message = "a quote is never closed"
    labels: tuple[Label, ...] = ()
    if closing is not None:
        message = "a quote is not closed where its value ends"
        labels = (Label(Span(closing, closing + 1), "this one closes it"),)
    return error(
        "OTC123",
        message,
        Span(start, start + 1),
        "opened here",
        help="close it at the end of the value",
        labels=labels,
        proposed=closed(text, start),
    )


def _openings(problem: SyntaxProblem) -> Iterator[int]:
    """The quotes before the problem that open a text, first those further up."""
    text, position, block = problem.text, 0, -1
    while position < problem.offset:
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline
        line = text[position:end]
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and (indent > block or not line.strip()):
            position = end + 1
            continue
        block = -1
        for found in _SIGN.finditer(text, position, end):
            at = found.start()
            if at < position or found[0].startswith("#"):
                continue
            if _may_start(problem, at):
                if at >= problem.offset:
                    return
                yield at
                closed = _TEXT[text[at]].match(text, at + 1)
                position = len(text) if closed is None else closed.end()
                if position > end:
                    break
        if position <= end:
            if _BLOCK_HEADER.search(line):
                block = indent
            position = end + 1


def _may_start(problem: SyntaxProblem, at: int) -> bool:
    """Whether a value may start at an offset, as far as its line tells."""
    text = problem.text
    line = text.rfind("\n", max(0, at - _NEAR), at) + 1 or max(0, at - _NEAR)
    before = text[line:at]
    in_flow = bool(problem.brackets) or in_brackets(before)
    return (_FLOW_START if in_flow else _BLOCK_START).search(before) is not None


def _opens(problem: SyntaxProblem, closing: int) -> bool:
    """Whether the quote that closes a text was meant to open one."""
    text = problem.text
    after = text[closing + 1 : closing + 2]
    if not after or after in " \t\n,]}:":
        return False
    if not _may_start(problem, closing):
        return False
    line = text.rfind("\n", 0, closing) + 1
    # A text may go on in a line of its own that begins with its last word, but not with
    # what is a key in quotes.
    return bool(text[line:closing].strip(" \t")) or (
        _REST_OF_KEY[text[closing]].match(text, closing + 1) is not None
    )
