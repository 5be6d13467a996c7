"""What became of the corrections of a file."""

from dataclasses import dataclass

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.edit import Correction
from otac.source.source_text import Place


@dataclass(frozen=True, slots=True)
class Made:
    """A correction that the file has now. `place` is in the text that it was made in."""

    found: Diagnostic
    correction: Correction
    place: Place


@dataclass(frozen=True, slots=True)
class Undone:
    """A correction that was tried and taken back.

    `brings` is the finding that came with it, None where its own did not go away;
    `brings_at` is the place of that one in the text that was tried.
    """

    found: Diagnostic
    correction: Correction
    place: Place
    brings: Diagnostic | None
    brings_at: Place | None
