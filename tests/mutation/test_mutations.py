"""One mistake in a valid configuration: is it found, where it is, once, and mended?

Mistakes are made from the schemas, with a fixed seed; none is left out because of what
the compiler says about it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from measuring import MISTAKES, Tally, Verdict, measure, mutants
from subject import take_apart

from case import cases

SEED = "otac"
MOST = 2  # of each kind in each file
ROOT = Path(__file__).parents[2]
# The kinds with a handful of mutants: one of them is a tenth.
LEAST = {
    "found": 0.98,
    "line": 0.98,
    "column": 0.90,
    "alone": 0.95,
    "suggestion": 0.90,
    "mended": 0.98,
}
LEAST_OF_A_KIND = 0.80


def files() -> Iterator[Path]:
    yield from (case.folder / "config.yml" for case in cases())
    yield ROOT / "config.yml"
    yield from sorted((ROOT / "examples").rglob("config.yml"))


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return list(measure(files(), SEED, MOST))


@pytest.fixture(scope="module")
def tally(verdicts: list[Verdict]) -> Tally:
    counted = Tally()
    for verdict in verdicts:
        counted.add(verdict)
    return counted


def test_there_are_enough_of_them(tally: Tally) -> None:
    assert len(MISTAKES) >= 25
    assert len(tally.kinds()) >= len(MISTAKES)
    assert tally.asked["", "found"] > 1500


@pytest.mark.parametrize("measured", LEAST)
def test_the_share_of_all_mutants(measured: str, tally: Tally) -> None:
    assert tally.share(measured) >= LEAST[measured], f"\n{tally.table()}"


@pytest.mark.parametrize("measured", LEAST)
def test_the_share_of_each_kind(measured: str, tally: Tally) -> None:
    low = {
        kind: tally.share(measured, kind)
        for kind in tally.kinds()
        if tally.asked[kind, measured] and tally.share(measured, kind) < LEAST_OF_A_KIND
    }
    assert low == {}


def test_the_same_seed_makes_the_same_mutants() -> None:
    subjects = [take_apart(file.parent.name, file.read_bytes()) for file in files()]
    again, once = (
        [list(mutants(subject, SEED, MOST)) for subject in subjects if subject]
        for _ in range(2)
    )
    assert again == once
