"""Bytes of a configuration -> the same corrected, answered for and in today's form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.edit import Safety
from otac.diagnostics.question import Question
from otac.diagnostics.report import Report
from otac.dialects import Form
from otac.fixing import Fixed, MadeCorrection, Offer, Undone, fix, made_in, rewritten
from otac.migrate import migrate
from otac.pipeline import Compiled, CompileOptions
from otac.rescue.author import Author, UnfitAnswer

_MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Rescued:
    """What became of a configuration.

    `old` is the file as it was, with its corrections. `new` is the one in today's form
    with those that were made in that; None where errors of the old one stand in the way.
    `form` is the form that it was in. `open` are findings whose questions nobody has
    answered; `keys` are those of all that were asked. `misfit` is an answer that is none:
    then nothing came of it. `report` is what is to be said of what came of it.
    """

    old: Fixed
    new: Fixed | None
    form: Form | None
    open: tuple[Diagnostic, ...]
    keys: frozenset[str]
    report: Report
    misfit: UnfitAnswer | None = None

    @property
    def compiled(self) -> Compiled:
        """What the last of the files compiles to."""
        return (self.old if self.new is None else self.new).compiled

    @property
    def made(self) -> tuple[MadeCorrection, ...]:
        """All that was corrected or answered."""
        return self.old.made + (() if self.new is None else self.new.made)

    @property
    def undone(self) -> tuple[Undone, ...]:
        """What was tried to no avail."""
        return self.old.undone + (() if self.new is None else self.new.undone)


def rescue(
    name: str,
    data: bytes,
    compiled: Callable[[str, bytes], Compiled],
    options: CompileOptions,
    author: Author,
    *,
    new_name: str | None = None,
    explain: bool = False,
) -> Rescued:
    """Correct a configuration, answer its questions, and rewrite it in today's form.

    Corrections are made in the old file, whose words the questions speak; what only then
    can be corrected (a value that several places shared) is corrected in the new one.
    Nothing that the author does not want is changed, and of a file that compiles nothing
    that it does, but for answers that were given and for credentials. `compiled` compiles
    bytes under a name, of which the new file may have another. `explain` is that of `fix`.
    """
    mending = _Mending(compiled, name, author, explain)
    old = mending.run(data)
    report = old.compiled.report
    if mending.misfit is not None:
        keys = frozenset(mending.keys)
        return Rescued(old, None, None, (), keys, report, mending.misfit)
    unanswered = tuple(mending.open(old))
    migrated = migrate(name, old.data, options)
    new = None
    if migrated.data is not None:
        new = mending.corrected(new_name or name, migrated.data)
        report = new.compiled.report
    elif not report.fails:
        # It compiles in its own form, about which today's is stricter.
        report = migrated.report
    keys = frozenset(mending.keys)
    return Rescued(old, new, migrated.form, unanswered, keys, report)


class _Mending:
    """`keys` are those of questions so far."""

    def __init__(
        self,
        compiled: Callable[[str, bytes], Compiled],
        name: str,
        author: Author,
        explain: bool,
    ) -> None:
        self._compiled = compiled
        self._name = name
        self._author = author
        self._explain = explain
        self._wants_certain: bool | None = None
        self._is_sound = False
        self._refused: set[tuple[str, ...]] = set()
        self._left: set[tuple[str, str]] = set()
        self._settled: set[tuple[str, str]] = set()
        self.keys: set[str] = set()
        self.misfit: UnfitAnswer | None = None

    def run(self, data: bytes) -> Fixed:
        """All that can be done in a form."""
        present = Fixed(data, self._compile(data))
        self._is_sound = not present.compiled.report.fails
        for _ in range(_MOST_ROUNDS):
            before = present.data
            present = self._answered(self._certain(present))
            if self.misfit is not None:
                break
            present = self._plausible(present)
            if present.data == before:
                break
        return present

    def corrected(self, name: str, data: bytes) -> Fixed:
        """The same without questions, which a file in today's form does not ask."""
        self._name = name
        return self._plausible(self._certain(Fixed(data, self._compile(data))))

    def _compile(self, data: bytes) -> Compiled:
        return self._compiled(self._name, data)

    def open(self, present: Fixed) -> Iterator[Diagnostic]:
        """What asks and was not answered."""
        for found, question in _asking(present):
            self.keys.add(question.key)
            if _asked(found, question) in self._settled:
                continue
            # Who accepts what is proposed is content with what is read as it stands.
            if not self._author.accepts or found.severity is Severity.ERROR:
                yield found

    def _certain(self, present: Fixed) -> Fixed:
        if self._wants_certain is False or not self._author.fixes:
            return present
        fixed = fix(present.data, present.compiled, self._compile, asks=True)
        if fixed.made:
            if self._wants_certain is None:
                self._wants_certain = self._author.wants(fixed.made)
            if not self._wants_certain:
                return present
        return _after(present, fixed)

    def _answered(self, present: Fixed) -> Fixed:
        while (answered := self._next_answer(present)) is not None:
            present = answered
        return present

    def _next_answer(self, present: Fixed) -> Fixed | None:
        """The file with one answer more; None where there is none."""
        source = present.compiled.report.source
        for found, question in _asking(present):
            self.keys.add(question.key)
            asked = _asked(found, question)
            if asked in self._left:
                continue
            answer = self._author.answer(found, question, source)
            if answer is None:
                self._left.add(asked)
                continue
            correction = question.answered(answer, source.text)
            if correction is None:
                self.misfit = UnfitAnswer(question, answer)
                return None
            if not correction.edits:
                # The file says so already, and may go on asking.
                self._left.add(asked)
                self._settled.add(asked)
                continue
            data = rewritten(present.data, correction.edits)
            title = f"{correction.title}, as answered"
            said = correction._replace(title=title, safety=Safety.CERTAIN)
            made = made_in(source, Offer(found, said))
            return Fixed(data, self._compile(data), (*present.made, made))
        return None

    def _plausible(self, present: Fixed) -> Fixed:
        """What the author confirms; each is asked about once it has been proved."""
        author = self._author
        if not (author.unsafe or author.accepts):
            return present
        while True:
            fixed = fix(
                present.data,
                present.compiled,
                self._compile,
                unsafe=True,
                asks=True,
                explain=self._explain,
                allowed=self._may_be_made,
            )
            refused = {
                _what(made)
                for made in fixed.made
                if made.found.question is None
                and made.correction.safety is not Safety.CERTAIN
                and not author.confirms(made)
            }
            if not refused:
                return _after(present, fixed)
            self._refused |= refused

    def _may_be_made(self, offer: Offer) -> bool:
        question = offer.found.question
        if self._is_sound and offer.correction.safety is Safety.CONFIRM:
            # Plausible is not enough to change what a file that compiles does.
            return False
        if question is not None:
            asked = _asked(offer.found, question)
            return self._author.accepts and asked not in self._settled
        if offer.correction.safety is Safety.CERTAIN:
            return self._author.fixes and self._wants_certain is not False
        return self._author.unsafe and _what(offer) not in self._refused


def _after(present: Fixed, fixed: Fixed) -> Fixed:
    return replace(fixed, made=(*present.made, *fixed.made))


def _asking(present: Fixed) -> Iterator[tuple[Diagnostic, Question]]:
    for found in present.compiled.report.diagnostics:
        if found.question is not None:
            yield found, found.question


def _asked(found: Diagnostic, question: Question) -> tuple[str, str]:
    return question.key, found.message


def _what(one: MadeCorrection | Offer) -> tuple[str, ...]:
    return one.found.code, one.found.message, one.correction.title
