"""Whatever stands in a configuration, and whatever is asked of otac, it answers.

`OTAC_FUZZ=100000 pytest tests/mutation/test_structures.py` tries more than every test run does, and `OTAC_FUZZ_SEED` others. With `OTAC_FUZZ_PROGRESS` it says how far it is.
"""

import os
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import commands
import structures

from case import cases

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("OTAC_FUZZ", "500"))
SEED = os.environ.get("OTAC_FUZZ_SEED", "otac")
PROGRESS = int(os.environ.get("OTAC_FUZZ_PROGRESS", "0"))
LONGEST = 3.0  # seconds of this process; a busy machine does not count


def files() -> Iterator[Path]:
    """Today's form and all older ones."""
    yield from (case.folder / "config.yml" for case in cases())
    yield from sorted((ROOT / "tests/migrate/forms").rglob("*.yml"))
    yield ROOT / "config.yml"
    yield from sorted((ROOT / "examples").rglob("config.yml"))


class Answers:
    """Asks, and remembers what was no answer: by the place that raised, with one input."""

    def __init__(self) -> None:
        self.raised: dict[str, str] = {}

    def ask(
        self,
        question: Callable[..., Any],
        data: bytes,
        *rest: Any,
        longest: float = LONGEST,
    ) -> Any:
        begun = process_time()
        try:
            return question(*rest)
        except Exception as bug:  # noqa: BLE001
            last = traceback.extract_tb(bug.__traceback__)[-1]
            place = f"{question.__name__}: {type(bug).__name__}: {last.filename}:{last.lineno}"
            self._remember(place, data)
            return None
        finally:
            took = process_time() - begun
            if took > longest:
                self._remember(f"{question.__name__} took {took:.0f} s", data)

    def _remember(self, what: str, data: bytes) -> None:
        if what not in self.raised:
            self.raised[what] = repr(data)
            if PROGRESS:
                print(f"{what}\n  {data!r}", file=sys.stderr, flush=True)


def test_no_structure_raises_or_takes_long(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    answers = Answers()
    trees = structures.plain_trees(files())
    sound = 0
    for number, data in enumerate(structures.damaged_trees(trees, COUNT, SEED), 1):
        compiled = answers.ask(commands.compile_and_tell, data, data, tmp_path)
        answers.ask(commands.change_form, data, data)
        if compiled is not None and compiled.project is not None:
            sound += 1
            answers.ask(commands.build, data, compiled, tmp_path)
            answers.ask(commands.compare, data, compiled, tmp_path)
            answers.ask(commands.draw, data, compiled)
        if number % 10 == 0:
            answers.ask(commands.edit, data, data, tmp_path, chance)
        if PROGRESS and number % PROGRESS == 0:
            print(f"{number}, {sound} of them sound", file=sys.stderr, flush=True)
    assert answers.raised == {}
    # Damage that nothing gets through would ask nothing of what comes later.
    assert sound > COUNT // 100


def test_the_same_seed_makes_the_same_structures() -> None:
    trees = structures.plain_trees(files())
    once, again = (list(structures.damaged_trees(trees, 50, "x")) for _ in range(2))
    assert once == again
