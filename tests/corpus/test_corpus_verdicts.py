"""Every real configuration is answered as somebody who read it says it must be.

`verdicts.yml` has the verdicts. A file without one fails, and so does one of a file that
is not there.
"""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from real_files import CORPUS, names, needs_corpus

from otac.diagnostics.diagnostic import Severity
from otac.diagnostics.report import Report
from otac.pipeline import Compiled, CompileOptions, compile_configuration

# What is an error only where something is built.
_UNRESOLVED = ("OTC214", "OTC332")
_KINDS = {"errors": Severity.ERROR, "warnings": Severity.WARNING}
Findings = Counter[tuple[Severity, str, int]]


class Verdict(NamedTuple):
    """How a file must be answered: its findings by severity, code and line."""

    outcome: str
    findings: Findings
    reasons: tuple[str, ...]


@cache
def verdicts() -> dict[str, Verdict]:
    loaded = yaml.safe_load(Path(__file__).with_name("verdicts.yml").read_text("utf-8"))
    return {name: _verdict(written) for name, written in loaded.items()}


def _verdict(written: str | dict[str, object]) -> Verdict:
    if isinstance(written, str):
        return Verdict(written, Findings(), ())
    findings, reasons = Findings(), list[str]()
    for kind, severity in _KINDS.items():
        listed = written.get(kind, [])
        assert isinstance(listed, list)
        for item in listed:
            ((head, reason),) = item.items()
            code, *lines = head.split()
            findings.update((severity, code, int(line)) for line in lines)
            reasons.append(reason)
    return Verdict(str(written["outcome"]), findings, tuple(reasons))


def _compile(name: str, unresolved: Severity) -> Compiled:
    data = (CORPUS / name).read_bytes()
    options = CompileOptions(unresolved=unresolved)
    return compile_configuration(name, data, Path("/nonexistent"), options)


def _outcome(name: str, built: Compiled) -> str:
    if built.output is not None:
        return "compiles"
    if all(
        code in _UNRESOLVED
        for severity, code, _ in _findings(built.report)
        if severity is Severity.ERROR
    ):
        checked = _compile(name, Severity.WARNING)
        return "refused" if checked.report.fails else "unresolved"
    return "refused"


def _findings(report: Report) -> Findings:
    return Findings(
        (one.severity, one.code, report.source.place(one.span.start).line)
        for one in report.diagnostics
        if one.severity is not Severity.NOTE and one.span is not None
    )


@needs_corpus
def test_each_file_has_a_verdict() -> None:
    assert sorted(verdicts()) == names()


def test_each_verdict_has_its_reasons() -> None:
    for name, verdict in verdicts().items():
        assert verdict.outcome in ("compiles", "refused", "unresolved"), name
        assert all(len(reason.split()) >= 3 for reason in verdict.reasons), name
        has_error = any(severity is Severity.ERROR for severity, *_ in verdict.findings)
        assert has_error == (verdict.outcome != "compiles"), name


@needs_corpus
@pytest.mark.parametrize("name", sorted(verdicts()))
def test_it_is_answered_as_its_verdict_says(name: str) -> None:
    verdict = verdicts()[name]
    built = _compile(name, Severity.ERROR)
    said = _findings(built.report)
    assert (_outcome(name, built), said) == (verdict.outcome, verdict.findings)
