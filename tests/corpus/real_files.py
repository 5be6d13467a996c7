"""The real configurations, which lie beside the project and are not part of it."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(),
    reason="the real configurations are not here; golden cases stand for each form",
)


def names() -> list[str]:
    """Every file of the corpus, by its path in it."""
    return sorted(p.relative_to(CORPUS).as_posix() for p in CORPUS.rglob("*.yml"))
