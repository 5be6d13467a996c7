"""Questions on a terminal, one after the other, each with the lines that it is about."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from otac.cli.rewriting import refused
from otac.cli.terminal import Printing, screen_width
from otac.diagnostics.diagnostic import Diagnostic
from otac.diagnostics.frame import visible
from otac.diagnostics.full import render
from otac.diagnostics.question import Question
from otac.diagnostics.report import Report
from otac.fixing import MadeCorrection
from otac.rescue import Beforehand
from otac.source.source_text import SourceText

_YES, _NO, _ALL = "y", "n", "a"


@dataclass(slots=True)
class Dialogue:
    """The author at a terminal.

    What `told` says already is not asked. `answers` are those that were given, and `asked`
    tells whether anything was.
    """

    name: str
    told: Beforehand
    printing: Printing
    answers: dict[str, str] = field(default_factory=dict)
    asked: bool = False
    _confirmed: dict[tuple[str, str], bool] = field(default_factory=dict)
    _all: bool = False

    @property
    def fixes(self) -> bool:
        return True

    @property
    def unsafe(self) -> bool:
        return True

    @property
    def accepts(self) -> bool:
        return self.told.accepts

    def answer(
        self, found: Diagnostic, question: Question, source: SourceText
    ) -> str | None:
        """Ask; Enter takes what is proposed, or leaves it open where nothing is."""
        told = self.told.answer(found, question, source)
        if told is not None or self.accepts:
            return told
        if not question.choices and question.place is None:
            return None  # nothing that one could type would be understood
        self._show(found, source)
        for number, choice in enumerate(question.choices, 1):
            said = f"  ({choice.meaning})" if choice.meaning else ""
            self._say(f"  {number}  {choice.answer}{said}")
        if question.place is not None:
            self._say("  or any other text")
        proposed = question.proposal
        shown = "leave it open" if proposed is None else proposed
        while True:
            typed = self._ask(f"{question.key} [{shown}]: ")
            answer = _chosen(question, typed)
            if answer is None and typed:
                self._say(f"  `{typed}` is none of these")
                continue
            if answer is not None:
                self.answers[question.key] = answer
            return answer

    def wants(self, certain: Sequence[MadeCorrection]) -> bool:
        if self.told.fixes:
            return True
        for made in certain:
            line, column = made.place
            said = SourceText("", made.text).discreet(made.found.message)
            self._say(f"{self.name}:{line}:{column}: {said}")
            self._changes(made)
        many = "this correction" if len(certain) == 1 else f"these {len(certain)}"
        return self._agrees(f"Nothing else can have been meant. Make {many}?")

    def confirms(self, made: MadeCorrection) -> bool:
        if self.told.unsafe or self._all:
            return True
        known = (made.found.code + made.found.message, made.correction.title)
        if known not in self._confirmed:
            self._show(made.found, SourceText(self.name, made.text))
            self._changes(made)
            question = f"Make it? ({made.correction.reason})"
            self._confirmed[known] = self._agrees(question, all_of_them=True)
        return self._confirmed[known]

    def target(self, path: Path) -> Path:
        """Where to write: a file that is not there yet."""
        while True:
            typed = self._ask(f"Write it to [{path}]: ")
            chosen = Path(typed) if typed else path
            problem = refused(chosen)
            if problem is None:
                return chosen
            self._say(f"  {problem.message}")

    def _agrees(self, question: str, *, all_of_them: bool = False) -> bool:
        choices = "Y/n/a for all" if all_of_them else "Y/n"
        while True:
            typed = self._ask(f"{question} [{choices}] ").casefold()[:1] or _YES
            if typed == _ALL and all_of_them:
                self._all = True
                return True
            if typed in (_YES, _NO):
                return typed == _YES

    def _show(self, found: Diagnostic, source: SourceText) -> None:
        color = self.printing.colored(sys.stderr)
        report = Report(SourceText(self.name, source.text), (found,)).discreet()
        framed = render(report, color=color, width=screen_width(), summary=False)
        sys.stderr.write("\n" + framed)

    def _changes(self, made: MadeCorrection) -> None:
        for line in made.change:
            self._say(f"    {line}")

    def _say(self, text: str) -> None:
        sys.stderr.write(visible(text) + "\n")

    def _ask(self, prompt: str) -> str:
        """A line without what is around it. Raises EOFError."""
        self.asked = True
        sys.stderr.write(visible(prompt))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()


def _chosen(question: Question, typed: str) -> str | None:
    """The answer that was typed, by its number or as it is; None if it is none."""
    if not typed:
        return question.proposal
    answers = [choice.answer for choice in question.choices]
    if typed in answers:
        return typed
    if typed.isdecimal() and 0 < int(typed) <= len(answers):
        return answers[int(typed) - 1]
    return typed if question.place is not None else None
