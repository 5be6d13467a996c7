"""Brackets that are not closed, closed by another one, or lack a comma inside."""

import re

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Correction, Edit
from otac.source.document import Span
from otac.source.syntax.line import line_at, uncommented
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quotes import needless
from otac.source.syntax.quoting import extent, quoted

_CLOSING = {"[": "]", "{": "}"}
_TOKEN = re.compile(
    r"""(?P<skip>"(?:[^"\\]|\\.)*"|(?<!\w)'(?:[^']|'')*'|(?<![^\s,\[\]{}])\#[^\n]*)|[\[\]{}]""",
    re.DOTALL,
)
_LAST_WORD = re.compile(r"\S+$")
# A whole item `key: value` of one word each.
_PAIR = re.compile(r"[\[{,]\s*([^\[{,:\s]+):\s+(\S+)$")


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    if problem.kind in (
        ProblemKind.NO_KEY,
        ProblemKind.NO_DASH,
        ProblemKind.NO_DOCUMENT,
    ):
        if problem.character in ("]", "}"):
            return _nothing_to_close(problem)
        return _text_after(problem) if problem.before.endswith(("]", "}")) else None
    if problem.kind is ProblemKind.NO_COMMA:
        opening = problem.opening
    elif problem.kind is ProblemKind.NO_CONTENT and problem.brackets:
        opening = problem.brackets[-1]
    else:
        return None
    if opening is None or problem.text[opening] not in _CLOSING:
        return None
    bracket = problem.text[opening]
    if problem.character in ("]", "}"):
        return _other_bracket(problem, opening, _CLOSING[bracket])
    if (
        problem.at_end
        or _is_left(problem, opening)
        or not _is_closed(problem.text, opening)
    ):
        return error(
            "OTC126",
            f"`{bracket}` is never closed",
            Span(opening, opening + 1),
            "opened here",
            help=f"put `{_CLOSING[bracket]}` where the value ends",
            proposed=_closed(problem.text, opening),
        )
    return _comma(problem, opening)


def _is_closed(text: str, opening: int) -> bool:
    depth = 0
    for found in _TOKEN.finditer(text, opening):
        if found["skip"] is None:
            depth += 1 if found[0] in "[{" else -1
            if depth == 0:
                return True
    return False


def _closed(text: str, opening: int) -> Correction:
    """The bracket closed at the end of its line."""
    line = line_at(text, opening)
    end = opening + len(uncommented(text[opening : line.end]))
    closing = _CLOSING[text[opening]]
    return Correction((Edit(Span(end, end), closing),), f"close it with `{closing}`")


def _is_left(problem: SyntaxProblem, opening: int) -> bool:
    """Whether the problem's line cannot belong to the bracket: it is not indented more."""
    first, line = line_at(problem.text, opening), problem.line
    return line.start > first.start and line.indentation <= first.indentation


def _nothing_to_close(problem: SyntaxProblem) -> Diagnostic:
    return error(
        "OTC126",
        f"`{problem.character}` closes nothing",
        Span(problem.offset, problem.offset + 1),
        "no bracket is open here",
        help="remove it, or write the bracket that it should close",
    )


def _other_bracket(problem: SyntaxProblem, opening: int, closing: str) -> Diagnostic:
    outer = {_CLOSING[problem.text[at]] for at in problem.brackets if at != opening}
    is_outer = problem.character in outer
    suggestion = closing + problem.character if is_outer else closing
    return error(
        "OTC126",
        f"`{problem.text[opening]}` is closed with `{problem.character}`",
        Span(problem.offset, problem.offset + 1),
        f"expected `{closing}`",
        help=f"write `{suggestion}`",
        suggestion=suggestion,
        labels=(Label(Span(opening, opening + 1), "opened here"),),
    )


def _comma(problem: SyntaxProblem, opening: int) -> Diagnostic:
    label = Label(Span(opening, opening + 1), "inside this bracket")
    if problem.kind is ProblemKind.NO_CONTENT:
        return error(
            "OTC127",
            f"a value is missing before `{problem.character}`",
            Span(problem.offset, problem.offset + 1),
            "nothing stands before it",
            help="remove it, or write the value",
            suggestion="" if problem.character == "," else None,
            labels=(label,),
        )
    start = problem.offset
    end = max(extent(problem.text, start), start + 1)
    if problem.character == ":":
        before = problem.text[opening:start].rstrip()
        pair = _PAIR.search(before)
        if pair is not None:
            return _second_colon(problem, opening + pair.start(2), pair[1])
        # The parser noticed at the colon; what lacks the comma is the key before it.
        word = _LAST_WORD.search(before, 1)
        if word is not None:
            start, end = opening + word.start(), opening + word.end()
    return error(
        "OTC127",
        "a `,` is missing inside brackets",
        Span(start, end),
        "expected `,` before this",
        help="separate the items with commas",
        labels=(label,),
        proposed=_separated(problem.text, start),
    )


def _separated(text: str, start: int) -> Correction:
    """A comma behind what stands before."""
    end = len(text[:start].rstrip())
    return Correction((Edit(Span(end, end), ","),), "add the `,`")


def _second_colon(problem: SyntaxProblem, start: int, key: str) -> Diagnostic:
    end = extent(problem.text, start)
    suggestion = quoted(problem.text[start:end])
    return error(
        "OTC117",
        f"the value of `{key}` holds a second `:`",
        Span(start, end),
        "a key cannot start inside the value of another key",
        help=f"if it is text, write `{key}: {suggestion}`",
        suggestion=suggestion,
    )


def _text_after(problem: SyntaxProblem) -> Diagnostic:
    end = max(extent(problem.text, problem.offset), problem.offset + 1)
    if uncommented(problem.text[problem.offset : problem.line.end]) in (",", ";"):
        return needless(Span(problem.offset, problem.offset + 1))
    return error(
        "OTC124",
        f"text follows the closing `{problem.before[-1]}`",
        Span(problem.offset, end),
        "not part of the value",
        help="remove it, or put the whole value in quotes",
    )
