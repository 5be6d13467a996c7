"""Lines that are indented in a way that fits nothing above them."""

import re

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Correction, Edit, Safety
from otac.source import mistakes
from otac.source.document import Span
from otac.source.syntax import colons
from otac.source.syntax.line import Line, line_at, lines_before
from otac.source.syntax.problem import ProblemKind, SyntaxProblem

_INDENT = re.compile(r"^ +(?=[^\s#])", re.MULTILINE)
_TABBED = re.compile(r"^ *\t[ \t]*", re.MULTILINE)
_KINDS = (
    ProblemKind.NO_KEY,
    ProblemKind.NO_DASH,
    ProblemKind.NO_DOCUMENT,
    ProblemKind.COLON,
)


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    if problem.kind is ProblemKind.TAB or (
        problem.kind is ProblemKind.BAD_START and problem.character == "\t"
    ):
        return _tab(problem)
    if problem.kind is ProblemKind.DASH and problem.before:
        return _list_on_line_of_key(problem)
    if problem.kind not in _KINDS:
        return None
    if problem.kind is not ProblemKind.COLON and problem.before:
        return None
    line = problem.line
    above = next(lines_before(problem.text, line), None)
    if above is None:
        return None
    if problem.kind is ProblemKind.NO_DOCUMENT and above.text.startswith("..."):
        return mistakes.second_document(_first_word(line))
    if problem.opening is not None:
        opening = line_at(problem.text, problem.opening)
        if problem.opening - opening.start == line.indentation:
            return _mixed(problem, line, problem.opening)
    return _below_a_value(problem, line) or _no_level(problem, line)


def _tab(problem: SyntaxProblem) -> Diagnostic:
    lines = problem.text.split("\n")
    count = sum(line.lstrip(" ").startswith("\t") for line in lines)
    more = f"; {count} lines of this file start with a tab" if count > 1 else ""
    return error(
        "OTC104",
        "a tab where only spaces are allowed",
        Span(problem.offset, problem.offset + 1),
        "this is a tab",
        help=f"indent with spaces{more}",
        proposed=_spaced(problem.text),
    )


def _spaced(text: str) -> Correction | None:
    """Two spaces for each tab, in a file that is indented by nothing else."""
    if _INDENT.search(text) is not None:
        return None
    tabs = [at for found in _TABBED.finditer(text) for at in _tabs(found)]
    edits = tuple(Edit(Span(at, at + 1), "  ") for at in tabs)
    reason = "how deep a tab is was never said"
    title = "replace tabs with spaces"
    return Correction(edits, title, Safety.CONFIRM, reason) if edits else None


def _tabs(found: re.Match[str]) -> list[int]:
    return [found.start() + n for n, one in enumerate(found[0]) if one == "\t"]


def _indented_by(line: Line, count: int) -> Correction:
    edit = Edit(Span(line.start, line.start + line.indentation), " " * count)
    return Correction((edit,), f"indent by {_spaces(count)}")


def _levelled(line: Line, count: int, is_item: bool) -> Correction:
    """The line at a level; behind a dash, where the one above it has one there."""
    if is_item and line.indentation == count + 2:
        place = Span(line.start + count, line.start + count + 2)
        return Correction((Edit(place, "- "),), "put `- ` in front of it")
    return _indented_by(line, count)


def _list_on_line_of_key(problem: SyntaxProblem) -> Diagnostic:
    return error(
        "OTC122",
        "a list cannot start on the line of its key",
        Span(problem.offset, problem.offset + 1),
        "the first item",
        help="start the list on the next line; if this is text, put it in quotes",
    )


def _mixed(problem: SyntaxProblem, line: Line, opening: int) -> Diagnostic | None:
    """A key in a list, or a list item among keys."""
    first = Span(opening, opening + 1)
    if problem.kind is ProblemKind.NO_DASH:
        start = line.start + line.indentation
        return colons.tight(line) or error(
            "OTC121",
            "a key among the items of a list",
            _first_word(line),
            "expected `-`",
            help="put `- ` in front of it, or indent it so that it belongs to an item",
            proposed=Correction(
                (Edit(Span(start, start), "- "),),
                "put `- ` in front of it",
                Safety.CONFIRM,
                "it may belong to the item above",
            ),
            labels=(Label(first, "the list starts here"),),
        )
    if problem.kind is ProblemKind.NO_KEY and problem.character == "-":
        return error(
            "OTC121",
            "a list item stands among keys",
            _first_word(line),
            "expected a key",
            help="give the list a key of its own, one level further left",
            labels=(Label(first, "the keys start here"),),
        )
    return None


def _below_a_value(problem: SyntaxProblem, line: Line) -> Diagnostic | None:
    """A line below `key: value`, indented as if it belonged to the key."""
    for above in lines_before(problem.text, line):
        if above.column < line.indentation:
            if above.key is None or not above.value or above.value[0] in "|>&":
                return None
            start = above.start + above.column
            return error(
                "OTC120",
                f"this line is indented below `{above.key}`, which has a value already",
                _first_word(line),
                "too far to the right",
                help=f"indent it by {_spaces(above.column)}, as `{above.key}`",
                proposed=_indented_by(line, above.column),
                labels=(Label(Span(start, start + len(above.key)), "has a value"),),
            )
        if above.colon is not None:
            return None
    return None


def _no_level(problem: SyntaxProblem, line: Line) -> Diagnostic | None:
    """A line that starts between the levels above it."""
    column = line.indentation
    deeper: int | None = None
    for above in lines_before(problem.text, line):
        columns = (above.indentation, above.column)
        deeper = min((c for c in (*columns, deeper or 0) if c > column), default=deeper)
        if above.indentation < column:
            shallower = max(c for c in columns if c < column)
            is_item = above.text[shallower : shallower + 2] == "- "
            return _between(line, shallower, deeper, is_item=is_item)
    return _between(line, None, deeper)


def _between(
    line: Line, shallower: int | None, deeper: int | None, *, is_item: bool = False
) -> Diagnostic | None:
    levels = [str(level) for level in (shallower, deeper) if level is not None]
    if not levels:
        return None
    count = line.indentation
    return error(
        "OTC120",
        "the indentation of this line fits no line above",
        _first_word(line),
        f"indented by {_spaces(count)}" if count else "not indented",
        help=f"indent it by {' or '.join(levels)} space{'s' * (levels != ['1'])}",
        proposed=_levelled(line, int(levels[0]), is_item) if len(levels) == 1 else None,
    )


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def _first_word(line: Line) -> Span:
    start = line.start + line.indentation
    word, _, _ = line.text[line.indentation :].partition(" ")
    return Span(start, start + len(word))
