"""Every line of docs/fidelity.md is held by a test that is there."""

import re
from pathlib import Path

from case import CASES

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (?:same|differs) \| .* \| (`[^|]*`) \|$", re.MULTILINE)


def test_every_line_names_a_test_that_is_there() -> None:
    sources = [path.read_text("utf-8") for path in (_ROOT / "tests").rglob("test_*.py")]
    rows = _ROW.findall(_PAGE)
    assert len(rows) == len(re.findall(r"^\| (?:same|differs) \|", _PAGE, re.MULTILINE))
    for name in re.findall(r"`([^`]+)`", " ".join(rows)):
        if name.startswith("test_"):
            assert any(f"def {name}(" in source for source in sources), name
        else:
            assert (CASES / name / "config.yml").is_file(), name
