"""What only the author of a file knows, as a question with answers to choose from."""

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from otac.diagnostics.edit import Correction, Edit, How, Proposal, Reshaping, Safety
from otac.diagnostics.reshaping import reshaped
from otac.source.document import Span

_ASKED = "only the author of the file knows"
# What YAML reads as this very text without quotes.
_PLAIN = re.compile(r"[A-Za-z/][\w./@-]*(?: [\w./@-]+)*|https?://[\w./:-]*\w")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class PossibleAnswer(NamedTuple):
    """An answer, and what the file says then.

    `answer` is what an author types. `makes` are the changes of the file; nothing where
    the file says it already.
    """

    answer: str
    meaning: str = ""
    makes: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a finding asks.

    `key` is the same in every file and at every compilation, and behind a dot there is
    the name of the part that it is about, where a file can have several. `proposal` is
    the answer of one of the choices, None where none is better than the others. `place`
    is where any other text may be written as the answer, if one may.
    """

    key: str
    choices: tuple[PossibleAnswer, ...] = ()
    proposal: str | None = None
    place: Span | None = None

    def answered(self, answer: str, text: str) -> Correction | None:
        """The change of the file's text; None where this is no answer to it.

        A correction without edits means that the file says it already.
        """
        chosen = next((one for one in self.choices if one.answer == answer), None)
        if chosen is None and self.place is None:
            return None
        proposals = () if chosen is None else chosen.makes
        if chosen is None and self.place is not None:
            word = _written(answer, text[self.place.start : self.place.end])
            proposals = (Reshaping(How.INSTEAD, self.place, word),)
        edits: list[Edit] = []
        for one in proposals:
            made = one if isinstance(one, Correction) else reshaped(one, text)
            if made is None:
                return None
            edits += made.edits
        edits.sort(key=lambda edit: edit.span[:2])
        title = f"answer `{self.key}` with `{answer}`"
        if len(proposals) == 1:
            title = proposals[0].title
        filled = [one for one in proposals if one.safety is Safety.PLACEHOLDER]
        if filled:
            return Correction(tuple(edits), title, Safety.PLACEHOLDER, filled[0].reason)
        return Correction(tuple(edits), title, Safety.CONFIRM, _ASKED)

    def proposed(self, text: str) -> Correction | None:
        """The change that the proposal makes; None where it makes none."""
        made = None if self.proposal is None else self.answered(self.proposal, text)
        return made if made is not None and made.edits else None


def instead(span: Span, answer: str, meaning: str = "") -> PossibleAnswer:
    """The choice of a text that takes the place of another."""
    return PossibleAnswer(answer, meaning, (Reshaping(How.INSTEAD, span, answer),))


def _written(answer: str, before: str) -> str:
    """Any text as YAML reads it back, in place of what was there."""
    is_number = _NUMBER.fullmatch(answer) and _NUMBER.fullmatch(before)
    is_plain = _PLAIN.fullmatch(answer) and answer.casefold() not in _WORDS
    if is_number or is_plain:
        return answer
    return json.dumps(answer, ensure_ascii=False)
