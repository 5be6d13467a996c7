"""Diagnostics as plain data, so that an unchanged build can print them again."""

from typing import Any

from otac.diagnostics.diagnostic import Diagnostic, Label, Severity
from otac.source.document import Json, Span

# Beyond every line and offset.
_MOST = 2**31


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
        text(record["code"]),
        Severity(record["severity"]),
        text(record["message"]),
        None if span is None else _to_span(span),
        text(record.get("label", "")),
        _optional(record.get("help")),
        _optional(record.get("suggestion")),
        tuple(Label(_to_span(at), text(said)) for at, said in record.get("labels", [])),
        _optional(record.get("file")),
    )


def text(value: Any) -> str:
    """The value, if it is a text that can be printed into a file; raises TypeError."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # raises ValueError for half a character
    return value


def whole(value: Any) -> int:
    """The value, if it is a number that counts something; raises TypeError."""
    if type(value) is not int or not 0 <= value < _MOST:
        raise TypeError
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else text(value)


def _from_span(span: Span) -> Json:
    """`[start, end]`, and the place of the alias as a third item where there is one."""
    ends: list[Json] = [span.start, span.end]
    return ends if span.via is None else [*ends, _from_span(span.via)]


def _to_span(ends: Any) -> Span:
    start, end, *via = ends
    return Span(whole(start), whole(end), _to_span(via[0]) if via else None)
