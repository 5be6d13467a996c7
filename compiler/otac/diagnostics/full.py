"""Diagnostics for people: each with the lines of the file that it is about."""

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.frame import Ink, Mark, frame, paint, visible
from otac.diagnostics.report import Report, labels_of
from otac.source.source_text import SourceText

_INKS = {
    Severity.ERROR: Ink.ERROR,
    Severity.WARNING: Ink.WARNING,
    Severity.NOTE: Ink.NOTE,
}


def render(
    report: Report, *, color: bool = False, width: int = 100, summary: bool = True
) -> str:
    """The report as text of lines that end with `\\n`; empty if nothing was found.

    Lines of the file are cut to `width` cells; the words beside them are not. `summary` is
    the last line, which counts.
    """
    if not report.diagnostics and not report.omitted:
        return ""
    parts = [
        _diagnostic(report.source, found, color, width) for found in report.diagnostics
    ]
    if summary:
        parts.append([paint(visible(report.summary()), Ink.MESSAGE, color)])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _diagnostic(
    source: SourceText, found: Diagnostic, color: bool, width: int
) -> list[str]:
    ink = _INKS[found.severity]
    title = paint(f"{found.severity.value}[{found.code}]", ink, color)
    lines = [title + paint(f": {visible(found.message)}", Ink.MESSAGE, color)]
    gutter = 0
    arrow = paint("-->", Ink.FRAME, color)
    if found.span is not None:
        marks = [Mark(found.span, found.label, "^", ink)]
        marks += (
            Mark(label.span, label.text, "-", Ink.FRAME) for label in labels_of(found)
        )
        gutter, framed = frame(source, marks, width, color)
        place = source.place(found.span.start)
        lines.append(
            f"{' ' * gutter}{arrow} {visible(source.name)}:{place.line}:{place.column}"
        )
        lines += framed
    elif found.file is not None:
        gutter = 1
        lines.append(f" {arrow} {visible(found.file)}")
    if found.help is not None:
        if found.span is not None:
            lines.append(f"{' ' * gutter} {paint('|', Ink.FRAME, color)}")
        lines += _help(found.help, gutter, color)
    return lines


def _help(text: str, gutter: int, color: bool) -> list[str]:
    sign = paint("=", Ink.FRAME, color)
    word = paint("help", Ink.HELP, color)
    first, *more = text.split("\n")
    lines = [f"{' ' * gutter} {sign} {word}: {visible(first)}"]
    lines += (f"{' ' * (gutter + 9)}{visible(line)}".rstrip() for line in more)
    return lines
