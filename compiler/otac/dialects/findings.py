"""What translating a dialect finds out, collected for one document."""

from dataclasses import dataclass, field

from otac.config.shape import Lost, Shape
from otac.diagnostics.diagnostic import Diagnostic, Label, Severity, error, warning
from otac.diagnostics.edit import How, Reshaping
from otac.diagnostics.question import Question
from otac.source.document import Scalar, Span


@dataclass(slots=True)
class Findings:
    """Findings so far; `unresolved` is how bad it is that something is not here.

    `damaged` and `lost` are what the shape checks took out, as in `Translated`.
    """

    unresolved: Severity
    diagnostics: list[Diagnostic] = field(default_factory=list)
    damaged: list[Span] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def include(self, shape: Shape) -> None:
        """Add what a shape check found, and what it took out."""
        self.diagnostics.extend(shape.diagnostics)
        self.damaged.extend(shape.damaged)
        self.lost.extend(shape.lost)

    @property
    def has_errors(self) -> bool:
        """Whether something stops the build."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)

    def report(self, diagnostic: Diagnostic) -> None:
        """Add a finding."""
        self.diagnostics.append(diagnostic)

    def ask(
        self,
        question: Question,
        message: str,
        span: Span,
        label: str,
        help: str,
        *labels: Label,
    ) -> None:
        """What only the author of a file from before 1.0 can answer."""
        asked = error(
            "OTC216", message, span, label, help=help, labels=labels, question=question
        )
        self.report(asked)

    def doubt(
        self,
        question: Question,
        message: str,
        span: Span,
        label: str,
        help: str,
        *labels: Label,
    ) -> None:
        """What such a file says and can hardly mean; it is read as it stands."""
        doubted = warning(
            "OTC217", message, span, label, help=help, labels=labels, question=question
        )
        self.report(doubted)

    def never_worked(self, key: Scalar, what: str = "") -> None:
        """A form that no release acted on, by the key that tells it."""
        self.report(
            warning(
                "OTC212",
                f"no release of Open Ticket AI worked with {what or f'`{key.shown}`'}",
                key.span,
                "it is read as its documentation meant it",
                help="`otac migrate` writes it in today's form",
            )
        )

    def without_counterpart(self, key: Scalar, why: str, help: str | None) -> None:
        """A key that is read and has no meaning any more."""
        self.report(
            warning(
                "OTC213",
                f"`{key.shown}` has no effect",
                key.span,
                why,
                help=help,
            )
        )

    def not_a_list(self, name: str, span: Span) -> None:
        """A single item where a list belongs."""
        self.report(
            error(
                "OTC204",
                f"`{name}` must be a list",
                span,
                "this is a mapping",
                help="start each item with `- `",
                proposed=Reshaping(How.AS_ITEM, span),
            )
        )
