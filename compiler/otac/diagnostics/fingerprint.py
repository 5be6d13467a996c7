"""What makes a finding the same one after lines around it have moved."""

from collections import Counter
from hashlib import sha256

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.report import Report


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
