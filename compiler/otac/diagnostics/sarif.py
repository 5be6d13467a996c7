"""Diagnostics as SARIF 2.1.0, the form that code scanning services read."""

import json
from urllib.parse import quote

from otac import __version__
from otac.diagnostics.catalogue import read_page
from otac.diagnostics.correction import correction
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Correction
from otac.diagnostics.gitlab import fingerprints
from otac.diagnostics.report import Report, labels_of
from otac.source.document import Json, Span

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


def render(report: Report) -> str:
    """One run with a result for each finding, and the pages of the codes as its rules."""
    codes = sorted({found.code for found in report.diagnostics})
    results: list[Json] = [
        _result(report, found, codes, fingerprint)
        for found, fingerprint in zip(
            report.diagnostics, fingerprints(report), strict=True
        )
    ]
    log: Json = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "otac",
                        "version": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str) -> Json:
    page = read_page(code)
    if page is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.explanation},
        "help": {"text": page.text, "markdown": page.text},
    }


def _result(
    report: Report, found: Diagnostic, codes: list[str], fingerprint: str
) -> Json:
    said = found.message if found.help is None else f"{found.message}\n{found.help}"
    result: dict[str, Json] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": _LEVELS[found.severity],
        "message": {"text": said},
        "partialFingerprints": {"otac/v1": fingerprint},
    }
    file = report.file_of(found)
    if file is None:
        return result
    result["locations"] = [_location(report, file, found.span)]
    related: list[Json] = [
        {
            "id": number,
            "message": {"text": label.text},
            **_location(report, file, label.span),
        }
        for number, label in enumerate(labels_of(found), 1)
    ]
    if related:
        result["relatedLocations"] = related
    meant = correction(found, report.source.text)
    discreet = report.source.discreet
    # What repeats a credential is for nobody but the file itself.
    if meant is not None and all(discreet(one.text) == one.text for one in meant.edits):
        result["fixes"] = [_fix(report, file, meant)]
    return result


def _fix(report: Report, file: str, meant: Correction) -> Json:
    first = meant.edits[0]
    is_replacement = len(meant.edits) == 1 and first.span.start < first.span.end
    said = f"replace it with `{first.text}`" if is_replacement else meant.title
    return {
        "description": {"text": report.source.discreet(said)},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(file)},
                "replacements": [
                    {
                        "deletedRegion": _region(report, edit.span),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in meant.edits
                ],
            }
        ],
    }


def _location(report: Report, file: str, span: Span | None) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": _uri(file)}}
    if span is not None:
        physical["region"] = _region(report, span)
    return {"physicalLocation": physical}


def _region(report: Report, span: Span) -> dict[str, Json]:
    start, end = report.source.place(span.start), report.source.place(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _uri(file: str) -> str:
    return quote(file.encode("utf-8", "replace"), safe="/-._~")
