"""Quotes that are not closed or closed too early, and escapes that are none."""

import re

from otac.diagnostics.diagnostic import Diagnostic, Label, error
from otac.diagnostics.edit import Correction, Edit, Safety
from otac.source.document import Scalar, Span
from otac.source.syntax.line import line_at, uncommented
from otac.source.syntax.problem import ProblemKind, SyntaxProblem
from otac.source.syntax.quoting import closed, quoted

_AFTER_A_VALUE = (ProblemKind.NO_KEY, ProblemKind.NO_DASH, ProblemKind.NO_DOCUMENT)
# Keys that a finger hit: `"text"3`.
_STRAY = re.compile(r"\w{1,2}")
_ESCAPE = re.compile(r"\\(?:[xuU][0-9a-fA-F]*|.)")
_SURROGATES = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)")


def explain(problem: SyntaxProblem) -> Diagnostic | None:
    if problem.kind is ProblemKind.OPEN_QUOTE and problem.opening is not None:
        return error(
            "OTC123",
            "a quote is never closed",
            Span(problem.opening, problem.opening + 1),
            "opened here",
            help="close it at the end of the value",
            proposed=closed(problem.text, problem.opening),
        )
    if problem.kind is ProblemKind.ESCAPE:
        return _escape(problem)
    before = problem.before
    if problem.kind in _AFTER_A_VALUE and before.endswith(('"', "'")):
        return _after_a_quote(problem, before)
    return None


def _after_a_quote(problem: SyntaxProblem, before: str) -> Diagnostic | None:
    line = problem.line
    end = line.start + len(before)
    latest = problem.latest
    if latest is not None and latest.end == end and latest.style == before[-1]:
        if "\n" in problem.text[latest.start : latest.end]:
            return _closed_late(problem.text, latest)
        start = latest.start
    else:
        # The parser had not handed the text on yet.
        start = line.start + before.rfind(before[-1], 0, -1)
        if start < line.start:
            return None
    is_first = not problem.text[line.start : start].strip(" -")
    if is_first and ":" not in problem.text[end : line.end]:
        return _no_colon(problem, Span(start, end))
    return _text_after(problem, Span(start, end))


def _closed_late(text: str, value: Scalar) -> Diagnostic:
    return error(
        "OTC123",
        "a quote is not closed where its value ends",
        Span(value.start, value.start + 1),
        "opened here",
        help="close it at the end of the value",
        proposed=closed(text, value.start),
        labels=(Label(Span(value.end - 1, value.end), "closed only here"),),
    )


def _no_colon(problem: SyntaxProblem, key: Span) -> Diagnostic:
    written = problem.text[key.start : key.end]
    return error(
        "OTC118",
        f"a `:` is missing after `{written}`",
        key,
        "expected `key: value`",
        help=f"write `{written}:`",
        suggestion=f"{written}:",
    )


def _text_after(problem: SyntaxProblem, value: Span) -> Diagnostic:
    line = line_at(problem.text, value.start)
    rest = uncommented(problem.text[problem.offset : line.end])
    end = problem.offset + len(rest)
    if rest in (",", ";"):
        return needless(Span(problem.offset, end), value)
    whole = problem.text[value.start : end]
    if _STRAY.fullmatch(rest) and value.end == problem.offset:
        slip = "too short to be a text of its own"
        return needless(Span(problem.offset, end), value, slip)
    if rest.endswith(whole[0]) and value.end == problem.offset:
        # 'it's': what is between the outer quotes was meant as one text.
        whole = whole[1:-1]
    return error(
        "OTC124",
        "text follows the closing quote",
        Span(problem.offset, max(end, problem.offset + 1)),
        "not part of the value",
        help=f"remove it, or write `{quoted(whole)}`",
        proposed=Correction(
            (Edit(Span(value.start, end), quoted(whole)),),
            f"replace with `{quoted(whole)}`",
            Safety.CONFIRM,
            "what follows the quote may be too much",
        ),
        labels=(Label(value, "the value ends here"),),
    )


def needless(
    sign: Span,
    value: Span | None = None,
    label: str = "YAML needs no such sign between lines",
) -> Diagnostic:
    """A comma or a semicolon behind a whole value, as JSON and other languages have it."""
    return error(
        "OTC124",
        "nothing may follow this value on its line",
        sign,
        label,
        help="remove it",
        suggestion="",
        proposed=Correction((Edit(sign, ""),), "remove it"),
        labels=() if value is None else (Label(value, "the value ends here"),),
    )


def _escape(problem: SyntaxProblem) -> Diagnostic | None:
    start = problem.text.rfind("\\", problem.opening or 0, problem.offset + 1)
    found = _ESCAPE.match(problem.text, start) if start >= 0 else None
    if found is None:
        return None
    pair = _SURROGATES.match(problem.text, start)
    if pair is not None:
        high, low = int(pair[1], 16), int(pair[2], 16)
        whole = f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
        return error(
            "OTC125",
            f"`{pair[0]}` is how JSON writes one character in two halves",
            Span(*pair.span()),
            "not known in YAML",
            help=f"write `{whole}`, or the character itself",
            suggestion=whole,
        )
    return error(
        "OTC125",
        f"`{found[0]}` is not an escape that YAML knows",
        Span(*found.span()),
        "inside double quotes, a backslash starts an escape",
        help=f"write `\\{found[0]}` for a backslash, or use single quotes",
        suggestion=f"\\{found[0]}",
    )
