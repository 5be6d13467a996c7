"""What an editor can do about a finding."""

import re
from typing import NamedTuple

from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Edit
from otac.lsp.state import State
from otac.lsp.tree import spot
from otac.source.document import Document, Scalar, Span

_IGNORE = re.compile(r"#[ \t]*otac:[ \t]*ignore[ \t]*\[([^\]\n]*)\]")


class Fix(NamedTuple):
    """A change that answers a finding. `is_suggested`: the compiler proposed it."""

    title: str
    found: Diagnostic
    edits: tuple[Edit, ...]
    is_suggested: bool


def fixes(state: State, start: int, end: int) -> list[Fix]:
    """What can be done about the findings that touch a part of the text.

    Of the last compilation, which may be of an earlier text: nobody waits for one.
    """
    made: list[Fix] = []
    outcomes = state.outcomes
    for found in (*state.findings.at(state.text), *outcomes):
        span = found.span
        if span is None or span.end < start or end < span.start:
            continue
        meant = correction(found, state.text)
        if meant is not None:
            title = meant.title[:1].upper() + meant.title[1:]
            # To expect what came is never what an editor should do by itself.
            made.append(Fix(title, found, meant.edits, found not in outcomes))
        if found.severity is not Severity.ERROR and state.is_ours:
            silenced = _silenced(state, found, span)
            if silenced is not None:
                made.append(silenced)
    return made


def _silenced(state: State, found: Diagnostic, span: Span) -> Fix | None:
    """`# otac: ignore[...]` at the end of the line; None where no tree says which."""
    if state.known is None:
        return None
    text = state.text
    at = _commented(state.known.document, span)
    line = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    title = f"Silence {found.code} here"
    there = _IGNORE.search(text, line, end)
    if there is not None:
        place = there.end(1)
        comma = ", " if there[1].strip() else ""
        edit = Edit(Span(place, place), f"{comma}{found.code}")
        return Fix(title, found, (edit,), False)
    written = line + len(text[line:end].rstrip())
    edit = Edit(Span(written, end), f"  # otac: ignore[{found.code}]")
    return Fix(title, found, (edit,), False)


def _commented(document: Document, span: Span) -> int:
    """An offset on the line whose comment counts for a finding.

    No comment can stand in the middle of a text: a block has it behind its header, other
    texts where they end.
    """
    found = spot(document.root, span.start)
    node = found.entry.key if found.on_key and found.entry is not None else found.node
    if not isinstance(node, Scalar) or not node.start <= span.start <= node.end:
        return span.start
    return node.start if node.style in ("|", ">") else max(span.start, node.end - 1)
