"""How `otac lsp` begins and ends, and that nothing ends it before."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.editing import answer_times
from editor import editing

from case import cases
from command import OTAC, SOUND
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.hover import hover
from otac.lsp.rename import references
from otac.lsp.state import State
from otac.lsp.symbols import symbols


def test_it_ends_when_the_editor_goes_away(tmp_path: Path) -> None:
    done = subprocess.run(
        [OTAC, "lsp"],
        input=b"",
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_it_writes_no_file(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.at(SOUND.replace("triage", "tri§age"), "textDocument/hover")
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pygls' else find(name, *a)\n"
        "from otac.cli import main; sys.exit(main(['lsp']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 3
    assert "OTC560" in done.stderr
    assert 'pip install "otac[lsp]"' in done.stderr


@pytest.mark.parametrize("number", range(0, len(list(cases())), 12))
def test_no_place_of_any_file_raises(number: int, tmp_path: Path) -> None:
    folder = list(cases())[number]
    path = Path(getattr(folder, "folder", folder)) / "config.yml"
    text = path.read_bytes().decode("utf-8", "replace")
    for offset in range(0, len(text), max(1, len(text) // 25)):
        # As it is while somebody types at this place.
        state = State("config.yml", tmp_path, text[:offset] + text[offset + 3 :])
        complete(state, offset)
        for ask in (hover, definition, references):
            ask(state, offset)
        symbols(state)


def test_answers_come_while_one_types() -> None:
    # 0.05 s on an idle machine (`make bench`); this one may be busy.
    assert max(answer_times().values()) < 1.0
