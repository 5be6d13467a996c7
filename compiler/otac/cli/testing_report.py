"""What `otac test` prints."""

import json
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Protocol
from xml.etree import ElementTree

from otac.cli.terminal import Printing, screen_width
from otac.diagnostics.frame import Ink, paint, visible, widths
from otac.diagnostics.json_format import as_object
from otac.diagnostics.report import Report
from otac.testing.coverage import Coverage
from otac.testing.verdict import Verdict

_LONGEST_NAME = 72


class TestReport(Protocol):
    """Told of everything as it happens."""

    def faults(self, reports: Sequence[Report]) -> None:
        """What is wrong with files; comes first, and once."""

    def ended(self, verdict: Verdict) -> None:
        """A test has been run."""

    def covered(self, coverage: Coverage) -> None:
        """What the tests cover is wanted; comes just before the end."""

    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        """All have been run, or as many of those that were wanted as were to be."""


def report_for(printing: Printing, durations: int) -> TestReport:
    """The report in the format that was asked for; the slowest tests are listed."""
    match printing.format:
        case "json":
            return _Json()
        case "junit":
            return _JUnit()
        case "github":
            return _GitHub(printing)
        case "gitlab":
            return _GitLab()
        case _:
            return _Text(printing, durations)


class _Text:
    """Lines for people, on standard output: they are the result."""

    def __init__(self, printing: Printing, durations: int) -> None:
        self._printing = printing
        self._durations = durations
        self._color = printing.colored(sys.stdout)
        self._file = ""
        self._coverage: Coverage | None = None

    def faults(self, reports: Sequence[Report]) -> None:
        for report in reports:
            sys.stdout.write(self._rendered(report))
            if self._is_full:
                sys.stdout.write("\n")

    def ended(self, verdict: Verdict) -> None:
        file = verdict.case.file.source.name
        if self._printing.quiet or (not self._is_full and verdict.passed):
            return
        if not self._is_full:
            sys.stdout.write(self._rendered(_failures_of(verdict)))
            return
        if file != self._file:
            self._file = file
            sys.stdout.write(f"{visible(file)}\n")
        word, ink = ("ok", Ink.NOTE) if verdict.passed else ("FAILED", Ink.ERROR)
        name = visible(verdict.case.name)
        name += " " * (_LONGEST_NAME - sum(widths(name)))
        sys.stdout.write(
            f"  {paint(word.ljust(6), ink, self._color)}  {name}"
            f"  {verdict.seconds:6.2f} s\n"
        )
        sys.stdout.flush()

    def covered(self, coverage: Coverage) -> None:
        self._coverage = coverage

    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        failed = [one for one in verdicts if not one.passed]
        if self._is_full or self._printing.quiet:
            for verdict in failed:
                sys.stdout.write(f"\n{self._rendered(_failures_of(verdict))}")
        if self._durations and not self._printing.quiet:
            sys.stdout.write("\nslowest:\n")
            slowest = sorted(verdicts, key=lambda one: -one.seconds)
            for one in slowest[: self._durations]:
                sys.stdout.write(f"  {one.seconds:6.2f} s  {visible(one.case.name)}\n")
        if (covered := self._coverage) is not None:
            lines = [visible(line) for line in covered.gaps()]
            lines.append(f"covered: {covered.percent:.1f} % of steps and conditions")
            sys.stdout.write("\n" + "\n".join(lines) + "\n")
        if not wanted:
            sys.stdout.write("no test was run\n")
            return
        counts = [f"{len(verdicts) - len(failed)} passed"]
        counts += [f"{len(failed)} failed"] if failed else []
        left = wanted - len(verdicts)
        counts += [f"{left} not run"] if left else []
        ink = Ink.ERROR if failed else Ink.NOTE
        said = paint(", ".join(counts), ink, self._color)
        gap = "\n" if self._is_full else ""
        sys.stdout.write(f"{gap}{said} in {seconds:.2f} s\n")

    @property
    def _is_full(self) -> bool:
        return self._printing.format == "full"

    def _rendered(self, report: Report) -> str:
        if self._is_full:
            from otac.diagnostics.full import render

            return render(
                report, color=self._color, width=screen_width(), summary=False
            )
        from otac.diagnostics.concise import render as render_line

        return render_line(report, summary=False)


class _ForPrograms:
    """Everything at the end."""

    def __init__(self) -> None:
        self._faults: Sequence[Report] = ()
        self._coverage: Coverage | None = None

    def faults(self, reports: Sequence[Report]) -> None:
        self._faults = reports

    def ended(self, verdict: Verdict) -> None:
        """Nothing yet."""

    def covered(self, coverage: Coverage) -> None:
        self._coverage = coverage


class _Json(_ForPrograms):
    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        passed = sum(one.passed for one in verdicts)
        data: dict[str, Any] = {
            "passed": passed,
            "failed": len(verdicts) - passed,
            "not_run": wanted - len(verdicts),
            "seconds": round(seconds, 3),
            "tests": [_as_data(one) for one in verdicts],
            "diagnostics": [
                as_object(report, found)
                for report in self._faults
                for found in report.diagnostics
            ],
        }
        if self._coverage is not None:
            data["coverage"] = self._coverage.as_data()
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _as_data(verdict: Verdict) -> dict[str, Any]:
    case = verdict.case
    place = case.file.source.place(case.written.span.start)
    report = _failures_of(verdict)
    return {
        "name": case.name,
        "file": case.file.source.name,
        "line": place.line,
        "runner": case.runner.id,
        "passed": verdict.passed,
        "seconds": round(verdict.seconds, 3),
        "failures": [as_object(report, found) for found in report.diagnostics],
    }


class _GitHub(_ForPrograms):
    def __init__(self, printing: Printing) -> None:
        super().__init__()
        self._printing = printing

    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        from otac.diagnostics.github import render

        for report in (*self._faults, *(_failures_of(one) for one in verdicts)):
            sys.stdout.write(render(report))
        # Any other line is one of the log.
        passed = sum(one.passed for one in verdicts)
        sys.stdout.write(f"{passed} of {wanted} tests passed\n")


class _GitLab(_ForPrograms):
    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        from otac.diagnostics.gitlab import render

        issues: list[Any] = []
        for report in (*self._faults, *(_failures_of(one) for one in verdicts)):
            issues += json.loads(render(report))
        sys.stdout.write(json.dumps(issues, indent=2) + "\n")


class _JUnit(_ForPrograms):
    """A suite for each file, in which each test of the file is one."""

    def done(self, verdicts: Sequence[Verdict], wanted: int, seconds: float) -> None:
        from otac.diagnostics.junit import add_finding, xml_text

        suites = ElementTree.Element("testsuites", name="otac")
        for file, group in groupby(verdicts, lambda one: one.case.file.source.name):
            ended = list(group)
            suite = ElementTree.SubElement(
                suites,
                "testsuite",
                name=xml_text(file),
                tests=str(len(ended)),
                failures=str(sum(not one.passed for one in ended)),
                errors="0",
                time=f"{sum(one.seconds for one in ended):.3f}",
            )
            for verdict in ended:
                case = ElementTree.SubElement(
                    suite,
                    "testcase",
                    classname=xml_text(file),
                    name=xml_text(verdict.case.name),
                    time=f"{verdict.seconds:.3f}",
                )
                for found in verdict.failures:
                    add_finding(case, _place(_failures_of(verdict), found), found)
        for report in self._faults:
            name = xml_text(report.source.name or "otac")
            suite = ElementTree.SubElement(
                suites,
                "testsuite",
                name=name,
                tests=str(len(report.diagnostics)),
                failures=str(report.errors),
                errors="0",
            )
            for found in report.diagnostics:
                said = xml_text(f"{found.code}: {found.message}")
                case = ElementTree.SubElement(
                    suite, "testcase", classname=name, name=said
                )
                add_finding(case, _place(report, found), found)
        ElementTree.indent(suites)
        text = ElementTree.tostring(suites, encoding="unicode")
        sys.stdout.write(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n')


def _place(report: Report, found: Any) -> str:
    file = report.file_of(found) or ""
    if found.span is None:
        return file
    line, column = report.source.place(found.span.start)
    return f"{file}:{line}:{column}"


def _failures_of(verdict: Verdict) -> Report:
    return Report(verdict.case.file.source, verdict.failures)
