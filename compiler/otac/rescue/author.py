"""Who answers for a configuration: what its author said, or says when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.question import Question
from otac.fixing import MadeCorrection
from otac.source.source_text import SourceText


class Author(Protocol):
    """What the file does not say.

    Whether corrections come into question that are certain (`fixes`), that somebody has
    to confirm (`unsafe`), and the proposed answers where `answer` knows none (`accepts`).
    """

    @property
    def fixes(self) -> bool: ...

    @property
    def unsafe(self) -> bool: ...

    @property
    def accepts(self) -> bool: ...

    def answer(
        self, found: Diagnostic, question: Question, source: SourceText
    ) -> str | None:
        """The answer to a question that the text asks; None to leave it open.

        Asked again as long as the question is there and the text is another one.
        """

    def wants(self, certain: Sequence[MadeCorrection]) -> bool:
        """Whether what is certain is to be corrected."""
        ...

    def confirms(self, made: MadeCorrection) -> bool:
        """Whether a plausible correction is to be made."""
        ...


class UnfitAnswer(NamedTuple):
    """An answer that a question does not have."""

    question: Question
    answer: str


@dataclass(slots=True)
class Beforehand:
    """All was said beforehand: which answers are given, and what may be done unasked.

    `used` are the keys of answers that some question asked for.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    fixes: bool = False
    unsafe: bool = False
    accepts: bool = False
    used: set[str] = field(default_factory=set)

    def answer(
        self, found: Diagnostic, question: Question, source: SourceText
    ) -> str | None:
        if question.key in self.used:
            return None
        answer = self.answers.get(question.key)
        if answer is not None:
            self.used.add(question.key)
        return answer

    def wants(self, certain: Sequence[MadeCorrection]) -> bool:
        return True

    def confirms(self, made: MadeCorrection) -> bool:
        return True
