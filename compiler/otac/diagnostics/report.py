"""The findings about one configuration, in the order in which they are shown."""

from collections.abc import Container
from dataclasses import dataclass, replace

from otac.diagnostics.diagnostic import Diagnostic, Label, Severity
from otac.source.source_text import SourceText


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file, sorted by place and each finding once.

    Findings without a place in the file come last, by the file they name. What is wrong
    inside an anchored value is found again at each of its aliases; it is kept once.
    `omitted` are findings that are counted and not shown.
    """

    source: SourceText
    diagnostics: tuple[Diagnostic, ...]
    omitted: tuple[Diagnostic, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[tuple[object, ...], Diagnostic] = {}
        for found in sorted(self.diagnostics, key=_order):
            place = None if found.span is None else found.span[:2]
            seen.setdefault((found.code, found.message, found.file, place), found)
        object.__setattr__(self, "diagnostics", tuple(seen.values()))

    def count(self, severity: Severity) -> int:
        """How many findings are that bad, shown or not."""
        all_of_them = (*self.diagnostics, *self.omitted)
        return sum(found.severity is severity for found in all_of_them)

    @property
    def errors(self) -> int:
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        return self.count(Severity.WARNING)

    @property
    def fails(self) -> bool:
        """Whether there is an error."""
        return self.errors > 0

    def strict(self) -> "Report":
        """The same with every warning an error."""
        found = tuple(
            replace(one, severity=Severity.ERROR)
            if one.severity is Severity.WARNING
            else one
            for one in self.diagnostics
        )
        return Report(self.source, found)

    def without_notes(self, only: Container[tuple[str, str]] | None = None) -> "Report":
        """The same without what the compiler decided; of that, `only` with such codes and
        messages."""
        found = (
            one
            for one in self.diagnostics
            if one.severity is not Severity.NOTE
            or (only is not None and (one.code, one.message) not in only)
        )
        return Report(self.source, tuple(found))

    def only_errors(self) -> "Report":
        """The same without warnings and notes."""
        found = (one for one in self.diagnostics if one.severity is Severity.ERROR)
        return Report(self.source, tuple(found))

    def discreet(self) -> "Report":
        """The same without words that repeat a credential of the file."""
        found = tuple(_discreet(one, self.source) for one in self.diagnostics)
        return replace(self, diagnostics=found)

    def limited(self, most: int | None) -> "Report":
        """The same without the error after the `most`th, and all that follows it."""
        errors = 0
        for number, found in enumerate(self.diagnostics):
            errors += found.severity is Severity.ERROR
            if most is not None and errors > most:
                shown, rest = self.diagnostics[:number], self.diagnostics[number:]
                return Report(self.source, shown, (*rest, *self.omitted))
        return self

    def file_of(self, found: Diagnostic) -> str | None:
        """The file that a finding is about; None where there is none."""
        return found.file if found.span is None else self.source.name

    def summary(self) -> str:
        """One line with the numbers, or nothing where nothing was found."""
        if not self.diagnostics and not self.omitted:
            return ""
        counts = [(self.count(severity), severity.value) for severity in Severity]
        *most, last = [f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n]
        listed = f"{', '.join(most)} and {last}" if most else last
        place = f" in {self.source.name}" if self.source.name else ""
        shown = f"; {self._shown()}" if self.omitted else ""
        return f"found {listed}{place}{shown}"

    def _shown(self) -> str:
        count = len(self.diagnostics)
        if not count:
            return "none of them is shown"
        which = "the first one is" if count == 1 else f"the first {count} are"
        return f"{which} shown"


def labels_of(diagnostic: Diagnostic) -> tuple[Label, ...]:
    """The second places of a finding, with the alias that brought its value in."""
    via = None if diagnostic.span is None else diagnostic.span.via
    if via is None:
        return diagnostic.labels
    return (*diagnostic.labels, Label(via, "brought in by this alias"))


def _order(diagnostic: Diagnostic) -> tuple[bool, int, int, str, str, int]:
    span = diagnostic.span
    if span is None:
        return True, 0, 0, diagnostic.file or "", diagnostic.code, 0
    via = -1 if span.via is None else span.via.start
    return False, span.start, span.end, "", diagnostic.code, via


def _discreet(found: Diagnostic, source: SourceText) -> Diagnostic:
    said = source.discreet
    labels = tuple(replace(one, text=said(one.text)) for one in found.labels)
    new = replace(
        found,
        message=said(found.message),
        label=said(found.label),
        help=None if found.help is None else said(found.help),
        labels=labels,
    )
    if found.suggestion is not None and said(found.suggestion) != found.suggestion:
        # A program that makes it would write asterisks.
        return replace(new, suggestion=None, proposed=None)
    return new
