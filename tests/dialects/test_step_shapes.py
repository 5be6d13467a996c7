"""A value of another kind in a step from before 1.0 is told where it stands."""

import pytest

from case import cases
from otac.diagnostics.diagnostic import Severity
from otac.pipeline import CompileOptions, compile_configuration

_CASE = next(c for c in cases() if c.folder.name == "pipes-by-definitions-become-steps")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "services: {target_ts: otobo}\n                config:\n",
            "services: [otobo]\n                config:\n",
            "`services` must be a mapping",
        ),
        (
            'config: {model: "{{ config.model }}"}',
            "config: [model]",
            "`config` must be a mapping or an expression",
        ),
    ],
)
def test_one_finding_at_its_line(right: str, wrong: str, message: str) -> None:
    text = (_CASE.folder / "config.yml").read_text("utf-8")
    at = text.index(right)
    broken = text[:at] + wrong + text[at + len(right) :]
    report = compile_configuration(
        "config.yml", broken.encode(), _CASE.folder, CompileOptions()
    ).report
    (found,) = (one for one in report.diagnostics if one.severity is Severity.ERROR)
    assert (found.code, found.message) == ("OTC204", message)
    assert found.span is not None
    line = broken.count("\n", 0, at) + 1
    assert report.source.place(found.span.start).line == line
