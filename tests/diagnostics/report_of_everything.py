"""A report with one of each kind of finding, for the formats."""

from otac.diagnostics.diagnostic import Label, error, note, warning
from otac.diagnostics.report import Report
from otac.source.document import Span
from otac.source.source_text import SourceText

TEXT = "a: &a 😀x\nb: *a\nc:\n  d: 100%\n"
REPORT = Report(
    SourceText("conf/my config.yml", TEXT),
    (
        error(
            "OTC301",
            "unknown `x`",
            Span(7, 8, Span(12, 14)),
            "label",
            help="did you mean `y`?",
            suggestion="y",
            labels=(Label(Span(0, 1), "the key"),),
        ),
        warning("OTC334", "100%: two\nlines, \x1b[31m", Span(15, 22)),
        error("OTC401", "edited", file="generated/a,b.py"),
        note("OTC330", "decided \ufffe"),
    ),
)
NOTHING = Report(SourceText("config.yml", TEXT), ())


def report_of(text: str, *words: str) -> Report:
    """A report on each place of the words in a text."""
    found = [
        error("OTC301", f"`{word}` is not known", Span(at, at + len(word)))
        for word in words
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    return Report(SourceText("config.yml", text), tuple(found))
