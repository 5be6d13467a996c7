"""Diagnostics as plain data, so that an unchanged build can print them again."""

from typing import Any

from otac.diagnostics.diagnostic import Diagnostic, Label, Severity
from otac.source.document import Json
from otac.source.span import Span


def encode(diagnostic: Diagnostic) -> dict[str, Json]:
    """The fields that say something, in the order of the class."""
    record: dict[str, Json] = {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
    }
    if diagnostic.span is not None:
        record["span"] = _from_span(diagnostic.span)
    if diagnostic.label:
        record["label"] = diagnostic.label
    if diagnostic.help is not None:
        record["help"] = diagnostic.help
    if diagnostic.suggestion is not None:
        record["suggestion"] = diagnostic.suggestion
    if diagnostic.labels:
        record["labels"] = [
            [_from_span(label.span), label.text] for label in diagnostic.labels
        ]
    if diagnostic.file is not None:
        record["file"] = diagnostic.file
    return record


def decode(record: Any) -> Diagnostic:
    """The diagnostic again. Raises KeyError, TypeError or ValueError for other data."""
    span = record.get("span")
    return Diagnostic(
        record["code"],
        Severity(record["severity"]),
        record["message"],
        None if span is None else _to_span(span),
        record.get("label", ""),
        record.get("help"),
        record.get("suggestion"),
        tuple(Label(_to_span(at), text) for at, text in record.get("labels", [])),
        record.get("file"),
    )


def _from_span(span: Span) -> Json:
    """`[start, end]`, and the place of the alias as a third item where there is one."""
    ends: list[Json] = [span.start, span.end]
    return ends if span.via is None else [*ends, _from_span(span.via)]


def _to_span(ends: Any) -> Span:
    start, end, *via = ends
    return Span(int(start), int(end), _to_span(via[0]) if via else None)
