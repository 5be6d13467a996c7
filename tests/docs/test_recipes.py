"""Every recipe of `docs/recipes.md` compiles, and every test on the page passes."""

import re
from pathlib import Path

import pytest

from otac.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
_FILES = {"python": "acme.py", "yaml": "config.yml"}
RECIPES = [
    (section.partition("\n")[0], re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL))
    for section in PAGE.split("\n## ")[1:]
]


def test_there_are_twenty_and_all_but_three_have_a_test() -> None:
    assert len(RECIPES) >= 20
    bare = [title for title, blocks in RECIPES if not _tests(blocks)]
    # When something starts and who is told are Prefect's to do, not a run's.
    assert bare == [
        "Work in office hours only",
        "Tell a chat when a run fails",
        "Start one runner after another",
    ]


def _tests(blocks: list[tuple[str, str]]) -> list[str]:
    return [text for _, text in blocks if text.startswith("tests:")]


def write(blocks: list[tuple[str, str]], folder: Path) -> None:
    for language, text in blocks:
        name = "tests/test.yml" if text in _tests(blocks) else _FILES[language]
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "blocks", [it[1] for it in RECIPES], ids=[it[0] for it in RECIPES]
)
def test_a_recipe_builds_and_nothing_is_said_about_it(
    blocks: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(blocks, tmp_path)
    monkeypatch.chdir(tmp_path)
    status = main(["build", "config.yml", "--strict"])
    assert status == 0, capsys.readouterr().err
    assert (tmp_path / "prefect.yaml").exists()


_TESTED = [(title, blocks) for title, blocks in RECIPES if _tests(blocks)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "blocks", [it[1] for it in _TESTED], ids=[it[0] for it in _TESTED]
)
def test_its_tests_pass(
    blocks: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(blocks, tmp_path)
    monkeypatch.chdir(tmp_path)
    status = main(["test", "config.yml"])
    assert status == 0, capsys.readouterr().out
    assert " passed in " in capsys.readouterr().out
