"""What can go wrong for someone who calls otac from Python."""

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.full import render
from otac.diagnostics.report import Report
from otac.source.source_text import SourceText


class OrchestratorError(Exception):
    """A message for a person; of a configuration, all diagnostics with their places."""


class ConfigurationError(OrchestratorError):
    """The configuration cannot be read or compiled."""


class RunFailed(OrchestratorError):
    """A run did not complete. `state` is its state's name, e.g. `Failed`."""

    def __init__(self, pipe_id: str, state: str, reason: str) -> None:
        super().__init__(f"{pipe_id}: {state}: {reason}")
        self.pipe_id = pipe_id
        self.state = state
        self.reason = reason


def told(found: Diagnostic | Report) -> str:
    """What the command line would print."""
    if isinstance(found, Diagnostic):
        found = Report(SourceText("", ""), (found,))
    return "\n" + render(found, color=False, width=100).rstrip()
