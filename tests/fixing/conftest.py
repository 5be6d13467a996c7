"""The mutants of `tests/mutation` and the real files of `tests/corpus` can be had here too."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / "mutation"), str(TESTS / "corpus")]
