"""Diagnostics as JUnit's XML, which nearly every CI server shows as tests."""

from xml.etree import ElementTree

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.frame import visible
from otac.diagnostics.report import Report

# No XML can hold them, not even as references.
_NO_CHARACTERS = {
    0xFFFE: "\N{REPLACEMENT CHARACTER}",
    0xFFFF: "\N{REPLACEMENT CHARACTER}",
}


def render(report: Report) -> str:
    """One suite, the configuration, with a test for each finding; XML is never empty.

    JUnit has passed and failed only: an error is a failed test, and a warning or a note
    one that passed and had something to say. Without findings the one test is the file.
    """
    name = xml_text(report.source.name or "otac")
    suites = ElementTree.Element("testsuites", name="otac")
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=name,
        tests=str(max(1, len(report.diagnostics))),
        failures=str(sum(f.severity is Severity.ERROR for f in report.diagnostics)),
        errors="0",
    )
    if not report.diagnostics:
        ElementTree.SubElement(suite, "testcase", classname=name, name=name)
    for found in report.diagnostics:
        _case(suite, report, found)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, report: Report, found: Diagnostic) -> None:
    """The name has no line number, so that a server knows the test again in the next run.

    No attributes but these: Jenkins' schema (`junit-10.xsd`) has no others for a test.
    """
    place = report.file_of(found) or ""
    attributes = {
        "classname": xml_text(place or "otac"),
        "name": xml_text(f"{found.code}: {found.message}"),
    }
    if found.span is not None:
        line, column = report.source.place(found.span.start)
        place = f"{place}:{line}:{column}"
    case = ElementTree.SubElement(suite, "testcase", attributes)
    add_finding(case, place, found)


def add_finding(case: ElementTree.Element, place: str, found: Diagnostic) -> None:
    """Say in a test what was found at a place: an error is its failure."""
    lines = [f"{place}: {found.code} {found.message}" if place else found.message]
    lines += [found.label] if found.label else []
    lines += [f"help: {found.help}"] if found.help else []
    body = "\n".join(xml_text(line) for part in lines for line in part.split("\n"))
    if found.severity is Severity.ERROR:
        failure = ElementTree.SubElement(
            case, "failure", type=found.code, message=xml_text(found.message)
        )
        failure.text = body
    else:
        ElementTree.SubElement(
            case, "system-out"
        ).text = f"{found.severity.value}: {body}"


def xml_text(text: str) -> str:
    """What XML can hold of a text."""
    return visible(text).translate(_NO_CHARACTERS)
