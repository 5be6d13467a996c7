"""The protocol's values from ours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lsprotocol import types

import otac.diagnostics.catalogue
from otac.diagnostics.catalogue import codes
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Edit
from otac.diagnostics.report import labels_of
from otac.lsp.fixes import Fix
from otac.lsp.item import Proposal, ProposalKind
from otac.lsp.latest import change
from otac.lsp.state import State
from otac.lsp.symbols import Symbol
from otac.source.document import Span
from otac.source.source_text import SourceText

_PAGES = Path(str(otac.diagnostics.catalogue.__file__)).parent / "pages"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_KINDS = {
    ProposalKind.KEY: types.CompletionItemKind.Property,
    ProposalKind.VALUE: types.CompletionItemKind.Value,
    ProposalKind.COMPONENT: types.CompletionItemKind.Class,
    ProposalKind.SERVICE: types.CompletionItemKind.Module,
    ProposalKind.STEP: types.CompletionItemKind.Reference,
    ProposalKind.RUNNER: types.CompletionItemKind.Reference,
    ProposalKind.FUNCTION: types.CompletionItemKind.Function,
    ProposalKind.VARIABLE: types.CompletionItemKind.Variable,
    ProposalKind.FIELD: types.CompletionItemKind.Field,
}
_SYMBOLS = {
    "service": types.SymbolKind.Module,
    "runner": types.SymbolKind.Class,
    "step": types.SymbolKind.Function,
    "test": types.SymbolKind.Method,
}


class Ready(dict[str, Any]):
    """A value as it is written, which takes a fifth of the time of the typed ones."""


class Translation:
    """Speaks of one text at one address, in the editor's units."""

    def __init__(self, uri: str, state: State, encoding: str) -> None:
        self._uri = uri
        self._state = state
        self._lines = LineOffsets(state.source, state.marks, encoding)

    def offset(self, position: types.Position) -> int:
        return self._lines.offset(position.line, position.character)

    def position(self, offset: int) -> types.Position:
        return types.Position(*self._lines.position(offset))

    def line(self, offset: int) -> int:
        """The line of an offset, from 0."""
        return self._state.source.place(offset).line - 1

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.start), self.position(span.end))

    def location(self, span: Span) -> types.Location:
        return types.Location(self._uri, self.range(span))

    def diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        span = found.span or Span(0, 0)
        message = (
            found.message if found.file is None else f"{found.file}: {found.message}"
        )
        parts = [message, found.label, f"help: {found.help}" if found.help else ""]
        known = found.code in codes()
        return types.Diagnostic(
            range=self.range(span),
            message="\n".join(part for part in parts if part),
            severity=_SEVERITIES[found.severity],
            code=found.code,
            code_description=types.CodeDescription(
                href=(_PAGES / f"{found.code}.md").as_uri()
            )
            if known
            else None,
            source="otac",
            related_information=[
                types.DiagnosticRelatedInformation(
                    self.location(label.span), label.text
                )
                for label in labels_of(found)
            ]
            or None,
            data=_data(found),
        )

    def completion(self, item: Proposal) -> types.CompletionItem:
        return types.CompletionItem(
            label=item.label,
            kind=_KINDS[item.kind],
            detail=item.detail or None,
            documentation=_markdown(item.documentation) if item.documentation else None,
            filter_text=item.label,
            text_edit=types.TextEdit(
                self.range(Span(item.start, item.end)), item.insert
            ),
        )

    def hover(self, text: str, span: Span) -> types.Hover:
        return types.Hover(_markdown(text), self.range(span))

    def symbol(self, symbol: Symbol) -> Ready:
        children = [self.symbol(child) for child in symbol.children]
        found = Ready(
            name=symbol.name,
            detail=symbol.detail,
            kind=_SYMBOLS[symbol.kind].value,
            range=self._ready(symbol.span),
            selectionRange=self._ready(symbol.name_span),
        )
        if children:
            found["children"] = children
        return found

    def _ready(self, span: Span) -> dict[str, dict[str, int]]:
        start, start_character = self._lines.position(span.start)
        end, end_character = self._lines.position(span.end)
        return {
            "start": {"line": start, "character": start_character},
            "end": {"line": end, "character": end_character},
        }

    def edits(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        changes = [types.TextEdit(self.range(one.span), one.text) for one in edits]
        return types.WorkspaceEdit(changes={self._uri: changes})

    def replaced(self, old: str, new: str) -> types.WorkspaceEdit:
        """The part of a text that is different in another one; none where none is."""
        if old == new:
            return self.edits([])
        part = change(old, new)
        span = Span(part.start, part.old_end)
        return self.edits([Edit(span, new[part.start : part.new_end])])

    def action(self, fix: Fix) -> types.CodeAction:
        return types.CodeAction(
            title=fix.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostic(fix.found)],
            is_preferred=fix.is_suggested,
            edit=self.edits(fix.edits),
        )


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _data(found: Diagnostic) -> Any:
    return {"suggestion": found.suggestion, "help": found.help}


# An editor's positions and the compiler's offsets.
_BOM = "\ufeff"


class LineOffsets:
    """Converts between lines with characters, from 0, and offsets of the decoded text.

    `encoding` says what an editor counts: `utf-8` bytes, `utf-16` units or `utf-32` code
    points. Offsets count code points of the text without its byte order marks and with
    `\\n` for each line break; lines are the same in both.
    """

    def __init__(self, source: SourceText, marks: int, encoding: str) -> None:
        self._source = source
        self._marks = marks
        self._encoding = encoding

    def offset(self, line: int, character: int) -> int:
        """The offset of a position; one behind the end of a line is that end."""
        last = self._source.place(len(self._source.text)).line
        if line >= last:  # `last` counts from 1
            return len(self._source.text)
        text = self._source.line(line + 1)
        if line == 0:
            text = _BOM * self._marks + text
        width = index = 0
        for one in text:
            width += self._width(one)
            if width > character:
                break
            index += 1
        if line == 0:
            index = max(0, index - self._marks)
        return self._source.line_start(line + 1) + index

    def position(self, offset: int) -> tuple[int, int]:
        """The line and character of an offset."""
        whole = self._source.text
        offset = min(max(offset, 0), len(whole))
        line, column = self._source.place(offset)
        text = whole[offset - column + 1 : offset]
        if line == 1 and self._marks:
            text = _BOM * self._marks + text
        # Nearly every line; there are thousands in an outline.
        width = len(text) if text.isascii() else sum(map(self._width, text))
        return line - 1, width

    def _width(self, character: str) -> int:
        if self._encoding == "utf-32":
            return 1
        if self._encoding == "utf-8":
            return len(character.encode("utf-8"))
        return 2 if character > "\uffff" else 1
