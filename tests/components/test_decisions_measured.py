"""The benchmark that the page about decisions is made with, on this project's own tickets."""

from pathlib import Path

import pytest
from benchmarks.calibration.texts import Source, half, sources
from benchmarks.decisions import deciding, judge, put, reliability_tables, side_by_side


@pytest.fixture(scope="module")
def office() -> Source:
    return next(it for it in sources(None) if it.name == "office-en")


def test_no_text_is_on_both_sides(office: Source) -> None:
    assert office.to_choose
    assert not set(office.to_choose) & set(office.to_judge)
    both = [*office.to_choose, *office.to_judge]
    assert half(both, True) == list(office.to_judge)


def test_classifiers_side_by_side(office: Source) -> None:
    judgements = list(judge(office))
    rows = side_by_side(judgements).splitlines()
    assert [row.split(" | ")[1] for row in rows[2:]] == [
        "`EmbeddingClassifier`, full descriptions",
        "`EmbeddingClassifier`, short descriptions",
        "`EmbeddingClassifier`, names alone",
        "`KeywordClassifier`, the words of full descriptions",
    ]
    assert len({row.count("|") for row in rows}) == 1
    assert "`KeywordClassifier`:" in reliability_tables(judgements)


def test_what_the_embedded_classifier_moves_is_right() -> None:
    assert [row.what for row in deciding() if row.value > row.limit] == []


def test_a_table_is_put_between_its_comments(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- end of x -->\nb\n", encoding="utf-8")
    put(page, "x", "new")
    assert page.read_text(encoding="utf-8") == (
        "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n"
    )
