"""What docs/compared.md says of otac is what otac says today."""

import shutil
from pathlib import Path

import pytest
from benchmarks.mistakes import BY_HAND, MISTAKES, Mistake, ours, type_into

_PAGE = (Path(__file__).parents[2] / "docs" / "compared.md").read_text("utf-8")
_ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in _PAGE.splitlines()
    if line.startswith("|")
]


def test_the_configuration_by_itself_is_sound(tmp_path: Path) -> None:
    shutil.copytree(BY_HAND, tmp_path, dirs_exist_ok=True)
    assert ours(tmp_path) is None


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.what)
def test_a_mistake_is_told_as_the_page_says(tmp_path: Path, mistake: Mistake) -> None:
    shutil.copytree(BY_HAND, tmp_path, dirs_exist_ok=True)
    type_into(tmp_path / "config.yml", mistake.ours)
    # The other side, which takes minutes, is measured by the script alone.
    type_into(tmp_path / mistake.file, mistake.theirs)
    (row,) = [one for one in _ROWS if one[0] == mistake.what]
    assert row[1] == ours(tmp_path)


def test_all_of_them_are_counted() -> None:
    (row,) = [one for one in _ROWS if one[0] == "told before a run"]
    assert row[1] == f"{len(MISTAKES)} of {len(MISTAKES)}"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["config.yml"], "it has 38 lines"),
        (["routing.py", "prefect.yaml"], "it has 67"),
    ],
)
def test_lines_are_counted_as_they_are(names: list[str], said: str) -> None:
    lines = [
        line.strip()
        for name in names
        for line in (BY_HAND / name).read_text("utf-8").splitlines()
    ]
    count = sum(1 for line in lines if line and line[0] != "#" and line[:3] != '"' * 3)
    assert f"it has {count}" in said
    assert said in _PAGE
