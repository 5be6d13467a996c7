"""The mutants of `tests/mutation` can be made here too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "mutation"))
