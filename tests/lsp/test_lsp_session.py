"""How `otac lsp` begins and ends, and that nothing ends it before."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from statistics import median

import pytest
from benchmarks.editing import AT_REST, OPENED, TYPING, answer_times
from editor import PATIENCE, Editor, editing

from case import cases
from command import OTAC, SOUND
from otac.lsp.completion import complete
from otac.lsp.definition import definition
from otac.lsp.hover import hover
from otac.lsp.rename import references
from otac.lsp.state import State
from otac.lsp.told import ToldSymbols
from otac.lsp.translation import Translation

ROOT = Path(__file__).parents[2]
MISSPELT = SOUND.replace("CheckEscalations", "CheckEscalation")


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
    path = folder.folder / "config.yml"
    text = path.read_bytes().decode("utf-8", "replace")
    for offset in range(0, len(text), max(1, len(text) // 25)):
        # As it is while somebody types at this place.
        state = State("config.yml", tmp_path, text[:offset] + text[offset + 3 :])
        # A line end of Windows is one character of an editor's.
        place = min(offset, len(state.text))
        complete(state, place)
        for ask in (hover, definition, references):
            ask(state, place)
        ToldSymbols().symbols(state, Translation("file:///config.yml", state, "utf-16"))


def test_answers_come_while_one_types() -> None:
    # 0.05 s on an idle machine (`make bench`); this one may be busy.
    times = answer_times(40)
    assert {when for when, _ in times} == {OPENED, TYPING, AT_REST}
    assert (
        max(median(some) for (when, _), some in times.items() if when != OPENED) < 0.25
    )


def test_a_bug_in_one_answer_is_an_error_and_the_session_goes_on(
    tmp_path: Path,
) -> None:
    script = tmp_path / "with_bug.py"
    script.write_text(
        "import sys, otac.lsp.server as s\n"
        "def bug(*_): raise ZeroDivisionError('on purpose')\n"
        "s.hover = s.rename = bug\n"
        "from otac.cli import main; sys.exit(main(['lsp']))"
    )
    editor = Editor(tmp_path, command=(sys.executable, str(script)))
    try:
        editor.open(SOUND)
        place = editor.place(SOUND.replace("pipe_id", "pi§pe_id"))
        for method, more in (("hover", {}), ("rename", {"newName": "x"})):
            answer = editor.answer(f"textDocument/{method}", place | more)
            assert answer["error"]["code"] == -32603
            assert "ZeroDivisionError('on purpose')" in answer["error"]["message"]
        symbols = editor.ask(
            "textDocument/documentSymbol", {"textDocument": {"uri": editor.uri}}
        )
        assert "triage" in [one["name"] for one in symbols]
        editor.ask("shutdown", None)
        editor.tell("exit", None)
        assert editor.process.wait(PATIENCE) == 0
        assert editor.process.stderr is not None
        log = editor.process.stderr.read().decode()
    finally:
        editor.process.kill()
        editor.process.wait()
    assert log.count("OTC901") == 2
    assert "ZeroDivisionError: on purpose" in log


_COMPILES_WITH_A_BUG = """
import otac.lsp.worker as w
class Odd(w.State):
    @property
    def compiled(self):
        if "boom" in self.text:
            raise ZeroDivisionError("on purpose")
        return super().compiled
w.State = Odd
w.main()
"""


def test_after_a_bug_no_finding_of_an_earlier_text_is_shown(tmp_path: Path) -> None:
    compiles = tmp_path / "compiles.py"
    compiles.write_text(_COMPILES_WITH_A_BUG)
    script = tmp_path / "with_bug.py"
    script.write_text(
        "import sys, otac.lsp.compiler as c\n"
        f"c._COMMAND = (sys.executable, {str(compiles)!r})\n"
        "from otac.cli import main; sys.exit(main(['lsp']))"
    )
    editor = Editor(tmp_path, command=(sys.executable, str(script)))
    try:
        editor.open(MISSPELT)
        assert [one["code"] for one in editor.findings()] == ["OTC320"]
        editor.type(SOUND + "# boom\n")
        (bug,) = editor.findings()
        assert bug["code"] == "OTC901"
        assert bug["message"].startswith(
            "a bug in otac: this text could not be checked"
        )
        everything = {
            "start": {"line": 0, "character": 0},
            "end": {"line": 99, "character": 0},
        }
        actions = editor.ask(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": editor.uri},
                "range": everything,
                "context": {"diagnostics": []},
            },
        )
        assert actions == []
        editor.type(SOUND)
        assert editor.findings() == []
        editor.ask("shutdown", None)
        editor.tell("exit", None)
        assert editor.process.wait(PATIENCE) == 0
        assert editor.process.stderr is not None
        assert editor.process.stderr.read().decode().count("OTC901") == 1
    finally:
        editor.process.kill()
        editor.process.wait()


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in found.read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_compiler_that_was_ended_is_started_again(tmp_path: Path) -> None:
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        assert len(editor.findings()) == 1
        (compiler,) = children(editor.process.pid)
        os.kill(compiler, signal.SIGKILL)
        editor.type(SOUND)
        assert editor.findings() == []
        editor.type(MISSPELT)
        assert len(editor.findings()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_server_leaves_no_compiler(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    editor.open(MISSPELT)
    editor.findings()
    (compiler,) = children(editor.process.pid)
    editor.process.kill()
    editor.process.wait()
    late = time.monotonic() + 20
    while alive(compiler):
        assert time.monotonic() < late
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("name", ["yaml.py", "otac/__init__.py", "queue.py"])
def test_modules_of_the_project_are_not_taken_for_its_own(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("raise SystemExit('imported')")
    with editing(tmp_path) as editor:
        editor.open(MISSPELT)
        assert len(editor.findings()) == 1


def test_the_settings_in_the_documentation_can_be_read() -> None:
    page = (ROOT / "docs/editors.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL))
    assert set(blocks) == {"lua", "toml", "elisp"}
    helix = tomllib.loads(blocks["toml"])
    assert helix["language-server"]["otac"] == {"command": "otac", "args": ["lsp"]}
    for name in ("lua", "elisp"):
        for pair in ("()", "{}"):
            assert blocks[name].count(pair[0]) == blocks[name].count(pair[1])
