"""One line for each finding."""

from otac.diagnostics import concise
from otac.diagnostics.diagnostic import error, note, warning
from otac.diagnostics.report import Report
from otac.source.document import Span
from otac.source.source_text import SourceText


def test_lines() -> None:
    report = Report(
        SourceText("conf/config.yml", "a: 1\nb: 2\n"),
        (
            note("OTC390", "an address is embedded"),
            error("OTC401", "was edited by hand", file="generated/flows/a.py"),
            warning("OTC210", "`b` is old", Span(5, 6), "label", help="help"),
            error("OTC201", "unknown key `\x1ba\n`", Span(0, 1)),
        ),
    )
    assert concise.render(report) == (
        "conf/config.yml:1:1: OTC201 unknown key `␛a␊`\n"
        "conf/config.yml:2:1: OTC210 warning: `b` is old\n"
        "OTC390 note: an address is embedded\n"
        "generated/flows/a.py: OTC401 was edited by hand\n"
        "found 2 errors, 1 warning and 1 note in conf/config.yml\n"
    )


def test_nothing_found_is_nothing_said() -> None:
    assert concise.render(Report(SourceText("config.yml", ""), ())) == ""
