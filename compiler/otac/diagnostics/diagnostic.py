"""The one value in which every stage reports what is wrong."""

from dataclasses import dataclass
from enum import Enum

from otac.diagnostics.edit import Proposal
from otac.diagnostics.question import Question
from otac.source.document import Span


class Severity(Enum):
    """How bad it is: an error stops the build, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first one."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` says what is wrong, in lower case, names in backticks. `label` says why at
    this place, next to the caret. `help` says what to type. `suggestion` is the text that
    could replace the span, or None; `proposed` is a correction that is more than that, or
    more certain than such a text is by itself (`correction` knows). `question` is what
    only the author can answer, with the answers to choose from. `span` is None for a finding about something outside
    the configuration; `file` then names it (a path relative to the output folder), or is
    None where there is no file either.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    label: str = ""
    help: str | None = None
    suggestion: str | None = None
    labels: tuple[Label, ...] = ()
    file: str | None = None
    proposed: Proposal | None = None
    question: Question | None = None


def error(
    code: str,
    message: str,
    span: Span | None = None,
    label: str = "",
    *,
    help: str | None = None,
    suggestion: str | None = None,
    labels: tuple[Label, ...] = (),
    file: str | None = None,
    proposed: Proposal | None = None,
    question: Question | None = None,
) -> Diagnostic:
    """A finding that stops the build."""
    return Diagnostic(
        code,
        Severity.ERROR,
        message,
        span,
        label,
        help,
        suggestion,
        labels,
        file,
        proposed,
        question,
    )


def warning(
    code: str,
    message: str,
    span: Span | None = None,
    label: str = "",
    *,
    help: str | None = None,
    suggestion: str | None = None,
    labels: tuple[Label, ...] = (),
    file: str | None = None,
    proposed: Proposal | None = None,
    question: Question | None = None,
) -> Diagnostic:
    """A finding that a reader should act on and that does not stop the build."""
    return Diagnostic(
        code,
        Severity.WARNING,
        message,
        span,
        label,
        help,
        suggestion,
        labels,
        file,
        proposed,
        question,
    )


def note(
    code: str,
    message: str,
    span: Span | None = None,
    label: str = "",
    *,
    help: str | None = None,
) -> Diagnostic:
    """Something the compiler decided and that a reader should know."""
    return Diagnostic(code, Severity.NOTE, message, span, label, help)
