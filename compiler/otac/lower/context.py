"""What every part of the lowering shares."""

from dataclasses import dataclass, field

from otac.catalogue import Catalogue
from otac.config.model import Config
from otac.config.shape import Lost
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.source.document import Span


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decides about the lowering.

    `source` is the configuration's file name. `config_folder` is the way from the output
    folder to the configuration's, POSIX, `.` where they are the same. `unresolved` is how
    bad a component is that cannot be found on this machine.
    """

    source: str
    config_folder: str
    unresolved: Severity


@dataclass(slots=True)
class Context:
    """One lowering: its input, what it found, and keys that errors have cost."""

    config: Config
    catalogue: Catalogue
    options: Options
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def report(self, diagnostic: Diagnostic) -> None:
        """Add a finding."""
        self.diagnostics.append(diagnostic)

    def damaged(self, span: Span) -> bool:
        """Whether the shape check took something out between the ends of `span`.

        What is missing there must not be complained about a second time.
        """
        return any(
            span.start <= damage.start and damage.end <= span.end
            for damage in self.config.damaged
        )
