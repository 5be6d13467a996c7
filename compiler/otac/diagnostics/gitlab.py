"""Diagnostics as GitLab's code quality report."""

import json

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.fingerprint import fingerprints
from otac.diagnostics.report import Report
from otac.source.document import Json

_SEVERITIES = {
    Severity.ERROR: "major",
    Severity.WARNING: "minor",
    Severity.NOTE: "info",
}


def render(report: Report) -> str:
    """An array of issues, `[]` if nothing was found.

    GitLab wants a file and a line of each: a finding without them is put on line 1 of the
    configuration.
    """
    issues = [
        _issue(report, found, fingerprint)
        for found, fingerprint in zip(
            report.diagnostics, fingerprints(report), strict=True
        )
    ]
    return json.dumps(issues, indent=2) + "\n"


def _issue(report: Report, found: Diagnostic, fingerprint: str) -> Json:
    lines: dict[str, Json] = {"begin": 1}
    if found.span is not None:
        lines = {
            "begin": report.source.place(found.span.start).line,
            "end": report.source.place(found.span.end).line,
        }
    return {
        "description": found.message
        if found.help is None
        else f"{found.message} ({found.help})",
        "check_name": found.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {
            "path": report.file_of(found) or report.source.name or ".",
            "lines": lines,
        },
    }
