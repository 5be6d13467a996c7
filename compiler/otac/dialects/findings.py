"""What translating a dialect finds out, collected for one document."""

from dataclasses import dataclass, field

from otac.diagnostics.diagnostic import Diagnostic, Severity, error, warning
from otac.source.document import Scalar
from otac.source.span import Span


@dataclass(slots=True)
class Findings:
    """Findings so far; `unresolved` is how bad it is that something is not here."""

    unresolved: Severity
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, diagnostic: Diagnostic) -> None:
        """Add a finding."""
        self.diagnostics.append(diagnostic)

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
            )
        )
