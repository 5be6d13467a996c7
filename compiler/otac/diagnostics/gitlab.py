"""Diagnostics as GitLab's code quality report."""

import json
from collections import Counter
from hashlib import sha256

from otac.diagnostics.diagnostic import Diagnostic, Severity
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


# What makes a finding the same one after lines around it have moved.
def fingerprints(report: Report) -> list[str]:
    """One for each finding, in order, all different.

    Made from the code, the file, the message and the text of the line, and from no line
    number: a service that compares two reports then sees no new finding where something
    was put in above. Findings that are alike in all of that are counted.
    """
    seen: Counter[str] = Counter()
    made: list[str] = []
    for found in report.diagnostics:
        known = "\0".join(
            (found.code, _file(report, found), found.message, _line(report, found))
        )
        number = seen[known]
        seen[known] += 1
        text = f"{known}\0{number}" if number else known
        made.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return made


def _file(report: Report, found: Diagnostic) -> str:
    return report.file_of(found) or ""


def _line(report: Report, found: Diagnostic) -> str:
    if found.span is None:
        return ""
    source = report.source
    return source.line(source.place(found.span.start).line).strip()
