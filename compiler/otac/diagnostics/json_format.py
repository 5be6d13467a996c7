"""Diagnostics for programs: one JSON array."""

import json
from typing import Any

from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.edit import Correction
from otac.diagnostics.report import Report, labels_of
from otac.source.document import Span
from otac.source.source_text import SourceText


def render(report: Report) -> str:
    """The report as an array of objects, `[]` if nothing was found.

    Lines and columns count from 1, columns in code points; the end is exclusive. They
    are null for a finding without a place, `file` is null for one without a file.
    """
    objects = [as_object(report, found) for found in report.diagnostics]
    return json.dumps(objects, indent=2) + "\n"


def as_object(report: Report, found: Diagnostic) -> dict[str, Any]:
    """One finding, as `render` has it."""
    source = report.source
    meant = correction(found, source.text)
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "file": report.file_of(found),
        **_positions(source, found.span),
        "help": found.help,
        "suggestion": found.suggestion if meant is None else _instead(found, meant),
        "labels": [
            {"message": label.text, **_positions(source, label.span)}
            for label in labels_of(found)
        ],
    }


def _instead(found: Diagnostic, meant: Correction) -> str | None:
    """The text that takes the place of the finding's span, where that is all."""
    edit = meant.edits[0]
    return edit.text if len(meant.edits) == 1 and edit.span == found.span else None


def _positions(source: SourceText, span: Span | None) -> dict[str, int | None]:
    if span is None:
        return dict.fromkeys(("line", "column", "end_line", "end_column"))
    start, end = source.place(span.start), source.place(span.end)
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
