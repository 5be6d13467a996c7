"""Colons that are missing, that lack a space, or that are one too many."""

import re

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.edit import How, Reshaping
from otac.diagnostics.suggest import Unclear
from otac.source.document import Span
from otac.source.syntax.line import Line, line_at, lines_before
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quoting import quoted

LONGEST_KEY = 1024

# `key = value`, `key => value` and so on, as settings are written elsewhere; a semicolon may
# close the line.
_ASSIGNED = re.compile(r"([\w.$-]+)\s*(:=|=>|->|<-|==|=|:(?=\s*=|\S))\s*=?\s*(.*?);?")
# The same behind a name of several words, such as that of a queue.
_ASSIGNED_TO_WORDS = re.compile(r"(\w[^=:#\"'\[{]*?)\s+(:=|=>|->|<-|==|=)\s+(.*?);?")
# `[section]`, `section {` and `section;`: how other formats begin what belongs together.
_SECTION = re.compile(r"\[([\w.$-]+)\]|([\w.$-]+)\s*(?:\{|;)")
# How other languages begin a comment.
_COMMENT = re.compile(r"(?://|/\*|--|;)\s*(.*?)\s*(?:\*/)?")
# A value of several words that begins where it says so.
_OPENING = "\"'[{|>&*!"
_TIGHT_COLON = re.compile(r"([^\s:{\[\"']+):(?!//)([^\s:].*)")
_TIGHT_DASH = re.compile(r"-(?=[^\s-])")


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    if problem.kind is ProblemKind.NO_COLON and problem.opening is not None:
        line = line_at(problem.text, problem.opening)
        line = _owner(problem.text, line)
        if problem.offset - problem.opening > LONGEST_KEY and line.colon is not None:
            return _long_key(line)
        return tight(line) or _no_dash(problem.text, line) or _missing(line)
    if problem.kind is ProblemKind.TIGHT_COLON and problem.opening is not None:
        # `{to:[a]}`: a bracket cannot be part of a word.
        line = line_at(problem.text, problem.opening)
        word = problem.text[problem.opening : problem.offset]
        column = problem.opening - line.start
        return _missing_space(line, column, ":", f"{word}: ")
    if problem.kind is not ProblemKind.COLON:
        return None
    line = problem.line
    if line.colon is not None and line.start + line.colon < problem.offset:
        return _second(line)
    above = next(lines_before(problem.text, line), None)
    if above is None:
        return None
    found = tight(above) or tight(line)
    if found is not None:
        return found
    if not _is_key_without_colon(problem, line, above):
        return None
    return _missing(_owner(problem.text, above))


def _owner(text: str, line: Line) -> Line:
    """The line above an anchor, which should have been the key of what has it."""
    if line.content.startswith("&"):
        return next(lines_before(text, line), line)
    return line


def tight(line: Line) -> Diagnostic | None:
    """The diagnostic about `-item` or `key:value` on a line, if it has one of them."""
    column = line.indentation
    if _TIGHT_DASH.match(line.text, column):
        return _missing_space(
            line, column, "-", f"- {line.text[column + 1 :].rstrip()}"
        )
    found = _TIGHT_COLON.match(line.content)
    if found is not None and found[2].startswith("="):
        return _missing(line)
    if line.colon is None and found is not None:
        return _missing_space(line, line.column, ":", f"{found[1]}: {found[2]}")
    return None


def _missing_space(line: Line, column: int, sign: str, suggestion: str) -> Diagnostic:
    start = line.start + column
    return error(
        "OTC119",
        f"a space is missing after `{sign}`",
        Span(start, start + len(suggestion) - 1),
        "this is one word to YAML",
        help=f"write `{suggestion.rstrip()}`",
        suggestion=suggestion,
    )


def _no_dash(text: str, line: Line) -> Diagnostic | None:
    """A mapping in braces below an item of a list, and with no `- ` of its own."""
    if not line.content.startswith("{") or line.column != line.indentation:
        return None
    for above in lines_before(text, line):
        if above.text.lstrip().startswith("- ") and above.column == line.column:
            return error(
                "OTC121",
                "a `- ` is missing before this item",
                Span(line.start + above.indentation, line.start + len(line.text)),
                "the items of this list start with `- `",
                help=f"write `- {line.content}`",
                suggestion=f"- {line.text[line.column :]}",
            )
        if above.indentation < line.indentation:
            return None
    return None


def _missing(line: Line) -> Diagnostic:
    start = line.start + line.column
    content = line.content
    assigned = _ASSIGNED.fullmatch(content) or _ASSIGNED_TO_WORDS.fullmatch(content)
    if assigned is not None:
        suggestion = f"{assigned[1]}: {assigned[3]}".rstrip()
        sign = assigned[2] if assigned[2] != ":" else " :"
        return error(
            "OTC118",
            f"`{assigned[1]}` is followed by `{sign}` and not by `:`",
            Span(start, start + len(content)),
            "expected `key: value`",
            help=f"write `{suggestion}`",
            suggestion=suggestion,
        )
    comment = _COMMENT.fullmatch(content)
    if comment is not None:
        suggestion = f"# {comment[1]}"
        return error(
            "OTC118",
            "this is not a comment",
            Span(start, start + len(content)),
            "a comment starts with `#`",
            help=f"write `{suggestion}`",
            suggestion=suggestion,
        )
    section = _SECTION.fullmatch(content)
    if section is not None:
        content = section[1] or section[2]
    if content.isdecimal():
        whole = Span(start, start + len(content))
        return error(
            "OTC118",
            f"`{content}` stands alone on its line",
            whole,
            "neither a key nor a part of the value above",
            help="remove it",
            proposed=Reshaping(How.NO_LINES, whole),
        )
    name, _, value = content.partition(" ")
    name = name.rstrip(";")
    suggestion = f"{name}: {value.lstrip()}" if value else f"{name}:"
    if " " in value.strip() and value.lstrip()[0] not in _OPENING:
        # A name of several words, such as that of a queue, may have been meant.
        suggestion = Unclear(suggestion)
    return error(
        "OTC118",
        f"a `:` is missing after `{name}`",
        Span(start, start + len(line.content)),
        "expected `key: value`",
        help=f"write `{suggestion}`",
        suggestion=suggestion,
    )


def _second(line: Line) -> Diagnostic:
    value = line.value
    start = line.start + line.text.index(value, (line.colon or 0) + 1)
    suggestion = quoted(value)
    return error(
        "OTC117",
        f"the value of `{line.key}` holds a second `:`",
        Span(start, start + len(value)),
        "a key cannot start on the line of another key",
        help=f"if it is text, write `{line.key}: {suggestion}`",
        suggestion=suggestion,
    )


def _long_key(line: Line) -> Diagnostic:
    start = line.start + line.column
    return error(
        "OTC129",
        f"a key has more than {LONGEST_KEY:,} characters",
        Span(start, start + len(line.key or "")),
        "too long for YAML",
        help="shorten the key",
    )


def _is_key_without_colon(problem: SyntaxProblem, line: Line, above: Line) -> bool:
    """Whether `above` was meant as a key, and is no further line of a longer value."""
    if above.colon is not None:
        return False
    if above.indentation < line.indentation:
        return True
    for candidate in lines_before(problem.text, above):
        if candidate.column < above.indentation:
            return candidate.colon is None or not candidate.value
    return True
