"""What an editor can do about a finding."""

import re
from typing import NamedTuple

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.lsp.rename import Edit
from otac.lsp.state import State
from otac.source.span import Span

_IGNORE = re.compile(r"#[ \t]*otac:[ \t]*ignore[ \t]*\[([^\]\n]*)\]")


class Fix(NamedTuple):
    """A change that answers a finding. `is_suggested`: the compiler proposed it."""

    title: str
    found: Diagnostic
    edit: Edit
    is_suggested: bool


def fixes(state: State, start: int, end: int) -> list[Fix]:
    """What can be done about the findings that touch a part of the text."""
    if not state.is_ours:
        return []
    made: list[Fix] = []
    for found in state.compiled.report.diagnostics:
        span = found.span
        if span is None or span.end < start or end < span.start:
            continue
        if found.suggestion is not None:
            made.append(_suggested(state, found, span, found.suggestion))
        if found.severity is not Severity.ERROR:
            silenced = _silenced(state, found, span)
            if silenced is not None:
                made.append(silenced)
    return made


def _suggested(state: State, found: Diagnostic, span: Span, suggestion: str) -> Fix:
    written = state.text[span.start : span.end]
    quote = written[:1] if written[:1] in ("'", '"') else ""
    inside = len(written) > 1 and quote and written.endswith(quote)
    # A suggestion is a value; the quotes around the old one stay.
    text = f"{quote}{suggestion}{quote}" if inside else suggestion
    return Fix(f"Replace with `{suggestion}`", found, Edit(span, text), True)


def _silenced(state: State, found: Diagnostic, span: Span) -> Fix | None:
    """`# otac: ignore[...]` at the end of the line; None where no comment can stand."""
    text = state.text
    line = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    end = len(text) if end < 0 else end
    title = f"Silence {found.code} here"
    there = _IGNORE.search(text, line, end)
    if there is not None:
        at = there.end(1)
        comma = ", " if there[1].strip() else ""
        return Fix(title, found, Edit(Span(at, at), f"{comma}{found.code}"), False)
    written = len(text[line:end].rstrip()) + line
    edit = Edit(Span(written, end), f"  # otac: ignore[{found.code}]")
    mended = State(
        state.name, state.folder, text[:written] + edit.text + text[end:], state
    )
    # In the middle of a text it would be a part of that text; there, it goes behind it.
    if not _is_silent(mended, found):
        end = text.find("\n", max(span.end - 1, span.start))
        end = len(text) if end < 0 else end
        written = len(text[:end].rstrip())
        edit = edit._replace(span=Span(written, end))
        mended = State(
            state.name, state.folder, text[:written] + edit.text + text[end:], state
        )
        if not _is_silent(mended, found):
            return None
    return Fix(title, found, edit, False)


def _is_silent(state: State, found: Diagnostic) -> bool:
    """Whether the finding is gone, and nothing new has come."""
    again = state.compiled.report.diagnostics
    same = sum(one.code == found.code and one.message == found.message for one in again)
    return same == 0 and state.known is not None
