"""Diagnostics for editors and logs: a line each, `file:line:column: CODE message`."""

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report


def render(report: Report, *, summary: bool = True) -> str:
    """The report as text of lines that end with `\\n`; empty if nothing was found.

    Anything less than an error says so in front of its message. `summary` is the last
    line, which counts.
    """
    if not report.diagnostics and not report.omitted:
        return ""
    lines = [_line(report, found) for found in report.diagnostics]
    if summary:
        lines.append(report.summary())
    return "".join(f"{visible(line)}\n" for line in lines)


def _line(report: Report, found: Diagnostic) -> str:
    place = ""
    if found.span is not None:
        line, column = report.source.place(found.span.start)
        place = f"{report.source.name}:{line}:{column}: "
    elif found.file is not None:
        place = f"{found.file}: "
    is_error = found.severity is Severity.ERROR
    severity = "" if is_error else f"{found.severity.value}: "
    return f"{place}{found.code} {severity}{found.message}"
