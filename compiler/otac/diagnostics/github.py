"""Diagnostics as GitHub shows them beside the lines of a pull request."""

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def render(report: Report) -> str:
    """One workflow command a line (`::error file=...::message`), empty if nothing was found.

    GitHub takes columns only where a finding starts and ends on the same line.
    """
    return "".join(f"{_command(report, found)}\n" for found in report.diagnostics)


def _command(report: Report, found: Diagnostic) -> str:
    properties = {"title": found.code}
    file = report.file_of(found)
    if file is not None:
        properties["file"] = file
    if found.span is not None:
        start = report.source.place(found.span.start)
        end = report.source.place(found.span.end)
        properties |= {"line": str(start.line), "endLine": str(end.line)}
        if start.line == end.line:
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
    written = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
    said = [found.message, *([f"help: {found.help}"] if found.help else [])]
    text = "%0A".join(_data(line) for part in said for line in part.split("\n"))
    return f"::{_COMMANDS[found.severity]} {written}::{text}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
