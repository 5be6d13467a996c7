"""No correction makes a file worse; what one that is certain says is what was meant."""

import random
from pathlib import Path

import pytest
from corrected import compiled, corrected, errors
from measuring import mutants
from older_mistakes import MISTAKES
from older_subject import take_apart as take_apart_older
from real_files import CORPUS, names, needs_corpus
from subject import take_apart

from case import cases
from otac.diagnostics.diagnostic import Severity

ROOT = Path(__file__).parents[2]
CASES = [case.folder / "config.yml" for case in cases()]
UNSAFE = pytest.mark.parametrize("unsafe", [False, True])
# Corrections that run the same and are written otherwise: a step and what asks for it can
# get each other's name.
SAME_BUT_FOR_NAMES = ("renamed step",)


def expect_no_worse(data: bytes, folder: Path, *, unsafe: bool) -> None:
    before = compiled(data, folder)
    fixed = corrected(data, folder, unsafe=unsafe)
    assert errors(compiled(fixed.data, folder)) == errors(fixed.compiled)
    left = errors(fixed.compiled)
    assert left <= errors(before)
    # What was mended is gone: an error the fewer for each.
    mended = sum(made.found.severity is Severity.ERROR for made in fixed.made)
    is_as_it_was = fixed.data == data
    assert bool(fixed.made) != is_as_it_was
    if mended:
        assert left.total() < errors(before).total()
    again = corrected(fixed.data, folder, unsafe=unsafe)
    assert (again.made, again.data) == ((), fixed.data)


@UNSAFE
@pytest.mark.parametrize("file", CASES, ids=lambda file: file.parent.name)
def test_no_golden_case_gets_worse(file: Path, unsafe: bool) -> None:
    expect_no_worse(file.read_bytes(), file.parent, unsafe=unsafe)


@needs_corpus
@UNSAFE
def test_no_real_file_gets_worse(unsafe: bool) -> None:
    made = 0
    for name in names():
        file = CORPUS / name
        before = compiled(data := file.read_bytes(), file.parent)
        fixed = corrected(data, file.parent, unsafe=unsafe)
        assert errors(fixed.compiled) <= errors(before), name
        made += len(fixed.made)
    assert made > 20


@pytest.mark.parametrize("part", range(4))
def test_a_certain_correction_restores_what_was_meant(part: int) -> None:
    """The mistakes of `tests/mutation`: the corrected file builds what the sound one did."""
    tried = restored = 0
    for file in [*CASES[part::8], ROOT / "config.yml"]:
        data = file.read_bytes()
        sound = compiled(data, file.parent)
        subject = None if sound.report.fails else take_apart(file.parent.name, data)
        if subject is None or sound.output is None:
            continue
        for mutant in mutants(subject, f"fixing {part}", 1):
            before = compiled(mutant.text.encode(), file.parent)
            fixed = corrected(mutant.text.encode(), file.parent)
            assert errors(fixed.compiled) <= errors(before), mutant.kind
            if tried % 3 == 0:
                asked = corrected(mutant.text.encode(), file.parent, unsafe=True)
                assert errors(asked.compiled) <= errors(before), mutant
                assert errors(asked.compiled) <= errors(fixed.compiled), mutant
            tried += 1
            if not any(made.found.severity is Severity.ERROR for made in fixed.made):
                assert errors(fixed.compiled) == errors(before)
                continue
            restored += 1
            assert not errors(fixed.compiled), mutant
            if mutant.kind not in SAME_BUT_FOR_NAMES:
                assert fixed.compiled.output is not None
                assert fixed.compiled.output.artifacts == sound.output.artifacts, mutant
    assert restored > tried / 2


@pytest.mark.parametrize("file", CASES[::5], ids=lambda file: file.parent.name)
def test_line_ends_and_encoding_stay(file: Path) -> None:
    """Corrected and then written otherwise is the same as the other way round."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if "\r" in text or text.startswith("\ufeff"):
        return

    def windows(one: str) -> bytes:
        return one.replace("\n", "\r\n").encode("utf-16")

    fixed = corrected(data, file.parent)
    other = corrected(windows(text), file.parent)
    assert other.data == windows(fixed.data.decode("utf-8"))


@pytest.mark.parametrize("form", ["C", "D", "E", "F", "P"])
def test_no_mutant_of_an_older_form_gets_worse(form: str) -> None:
    """Slips of the fingers in cases of each form, mended with all that may be made."""
    chance = random.Random(f"fixing {form}")
    tried = mended = 0
    for file in CASES:
        data = file.read_bytes()
        dialect = compiled(data, file.parent).dialect
        if dialect is None or dialect.form.name != form:
            continue
        subject = take_apart_older(file.parent.name, data, form)
        assert subject is not None
        mutants_of_it = [one for kind in MISTAKES for one in kind(subject, chance)]
        for mutant in chance.sample(mutants_of_it, min(6, len(mutants_of_it))):
            text = mutant.text.encode()
            before = errors(compiled(text, file.parent))
            fixed = corrected(text, file.parent, unsafe=True)
            assert errors(fixed.compiled) <= before, mutant
            tried += 1
            mended += errors(fixed.compiled).total() < before.total()
    assert mended > tried / 5
