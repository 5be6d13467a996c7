"""One slip in a file of an older form: told where it is, in the words of that form.

Measured on the real files that compile, and on the golden cases of each form, which are
always here. Mistakes are made from the schemas, with a fixed seed; none is left out
because of what the compiler says about it.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from mutant import Mutant
from older_mistakes import MISTAKES
from older_subject import OlderSubject, take_apart, words_of, words_of_today
from real_files import CORPUS, names

from case import cases
from otac.diagnostics.diagnostic import Diagnostic, Severity
from otac.diagnostics.report import Report
from otac.dialects import Form
from otac.pipeline import CompileOptions, compile_configuration

SEED = "otac"
MOST = 4  # of each kind in each file
OPTIONS = CompileOptions(unresolved=Severity.WARNING)
LEAST = {"found": 0.95, "line": 0.95}
LEAST_OF_MISSPELT_KEYS = {"line": 0.98, "suggestion": 0.90}
_QUOTED = re.compile(r"`([a-z_]+)`")
# Findings about older forms themselves, and words that every form shares in passing.
_ABOUT_FORMS = re.compile(r"OTC2(?:0[89]|1[0-9])")


class Told(NamedTuple):
    """A mutant, and what is said of it and was not said before."""

    mutant: Mutant
    form: Form
    said: tuple[Diagnostic, ...]
    report: Report

    @property
    def is_at_its_line(self) -> bool:
        place = self.report.source.place
        wanted = {place(at).line for at in self.mutant.places}
        return any(
            one.span is not None and place(one.span.start).line in wanted
            for one in self.said
        )

    @property
    def is_suggested(self) -> bool:
        return any(one.suggestion == self.mutant.original for one in self.said)


def files() -> Iterator[tuple[str, bytes, Path]]:
    for case in cases():
        file = case.folder / "config.yml"
        yield case.folder.name, file.read_bytes(), case.folder
    if CORPUS.is_dir():
        for name in names():
            yield name, (CORPUS / name).read_bytes(), Path("/nonexistent")


def _mutants(subject: OlderSubject) -> Iterator[Mutant]:
    for mistake in MISTAKES:
        chance = random.Random(f"{SEED} {subject.name} {mistake.__name__}")
        made = [m for m in mistake(subject, chance) if m.text != subject.text]
        yield from chance.sample(made, min(MOST, len(made)))


def _heard(report: Report) -> list[Diagnostic]:
    return [one for one in report.diagnostics if one.severity is not Severity.NOTE]


def _told(name: str, data: bytes, folder: Path) -> Iterator[Told]:
    before = compile_configuration(name, data, folder, OPTIONS)
    if before.dialect is None or before.dialect.form is Form.TODAY:
        return
    subject = take_apart(name, data, before.dialect.form.name)
    if subject is None or before.report.fails:
        return
    for mutant in _mutants(subject):
        known = Counter((one.code, one.message) for one in _heard(before.report))
        after = compile_configuration(name, mutant.text.encode(), folder, OPTIONS)
        said = []
        for one in _heard(after.report):
            if known[one.code, one.message]:
                known[one.code, one.message] -= 1
            else:
                said.append(one)
        yield Told(mutant, before.dialect.form, tuple(said), after.report)


@cache
def _all() -> tuple[Told, ...]:
    return tuple(told for file in files() for told in _told(*file))


def _share(of: list[bool]) -> float:
    return sum(of) / max(1, len(of))


def _missed(told: list[Told], right: list[bool]) -> str:
    """What to look at, where too much is missed."""
    lines = (
        f"{one.mutant.kind} in {one.mutant.case} "
        f"at {one.report.source.place(one.mutant.places[0])}: "
        f"{[(said.code, said.message, said.suggestion) for said in one.said[:2]]}"
        for one, is_right in zip(told, right, strict=True)
        if not is_right
    )
    return "\n" + "\n".join(lines)


def test_there_are_enough_of_them() -> None:
    told = _all()
    assert {one.form for one in told} == set(Form) - {Form.TODAY}
    kinds = Counter(one.mutant.kind for one in told)
    assert len(kinds) == len(MISTAKES)
    assert min(kinds.values()) >= 15


def test_each_mistake_is_found_at_its_line() -> None:
    told = list(_all())
    found = [bool(one.said) for one in told]
    assert _share(found) >= LEAST["found"], _missed(told, found)
    line = [one.is_at_its_line for one in told]
    assert _share(line) >= LEAST["line"], _missed(told, line)


def test_a_misspelt_key_is_found_at_its_line_with_the_right_one() -> None:
    told = [one for one in _all() if one.mutant.kind == "misspelt key"]
    line = [one.is_at_its_line for one in told]
    assert _share(line) >= LEAST_OF_MISSPELT_KEYS["line"], _missed(told, line)
    suggested = [one.is_suggested for one in told]
    least = LEAST_OF_MISSPELT_KEYS["suggestion"]
    assert _share(suggested) >= least, _missed(told, suggested)


def _foreign_words(one: Diagnostic, form: Form, text: str) -> set[str]:
    """Keys of today's form in a finding about a file that does not have them."""
    if _ABOUT_FORMS.fullmatch(one.code):
        return set()
    said = [one.message, one.label, *(label.text for label in one.labels)]
    if one.help is not None and "today's form" not in one.help:
        said.append(one.help)
    words = {word for text in said for word in _QUOTED.findall(text)}
    foreign = words & (words_of_today() - words_of(form.name))
    return {word for word in foreign if not re.search(rf"\b{word}\b", text)}


def test_findings_speak_the_words_of_the_form() -> None:
    wrong = {
        (one.form.name, said.code, word, said.message, said.help)
        for one in _all()
        for said in one.report.diagnostics
        for word in _foreign_words(said, one.form, one.mutant.text)
    }
    assert wrong == set()


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.TODAY])
def test_findings_about_real_mistakes_do_so_too(form: Form) -> None:
    wrong = set()
    for name, data, folder in files():
        compiled = compile_configuration(name, data, folder, OPTIONS)
        if compiled.dialect is not None and compiled.dialect.form is form:
            wrong |= {
                (name, said.code, word, said.message, said.help)
                for said in compiled.report.diagnostics
                for word in _foreign_words(said, form, data.decode())
            }
    assert wrong == set()
