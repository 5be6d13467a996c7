"""Diagnostics of the reader in the form in which the tests state them."""

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.report import Report
from otac.source import read
from otac.source.source_text import SourceText


def found(data: str | bytes) -> list[Diagnostic]:
    data = data.encode() if isinstance(data, str) else data
    outcome = read("config.yml", data)
    assert isinstance(outcome, tuple), outcome.root.plain()
    return list(Report(SourceText.decode("config.yml", data), outcome).diagnostics)


def described(data: str | bytes) -> list[str]:
    """A line each: code, place, the text underlined, message."""
    source = SourceText.decode("c", data.encode() if isinstance(data, str) else data)
    lines = []
    for diagnostic in found(data):
        span = diagnostic.span
        assert span is not None
        line, column = source.place(span.start)
        marked = source.text[span.start : span.end]
        lines.append(
            f"{diagnostic.code} {line}:{column} [{marked}] {diagnostic.message}"
        )
    return lines
