"""What became of the corrections of a file."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.edit import Correction
from otac.source.secrets import concealed
from otac.source.source_text import Place


@dataclass(frozen=True, slots=True)
class MadeCorrection:
    """A correction that the file has now. `place` is in the text that it was made in."""

    found: Diagnostic
    correction: Correction
    place: Place
    text: str

    @property
    def change(self) -> tuple[str, ...]:
        """The lines that it changed, each behind `- ` or `+ `; no credential in them."""
        old, new = concealed(self.text), concealed(self.correction.applied(self.text))
        before, after = old.split("\n"), new.split("\n")
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        shown: list[str] = []
        for tag, start, end, other, last in matcher.get_opcodes():
            if tag != "equal":
                shown += (f"- {line.strip()}" for line in before[start:end])
                shown += (f"+ {line.strip()}" for line in after[other:last])
        return tuple(shown)


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
