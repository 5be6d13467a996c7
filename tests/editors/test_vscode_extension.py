"""The extension for VS Code, built by its own tools; `make test-vscode` tries it in one."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from command import otac
from otac import __version__

_SOURCE = Path(__file__).parents[2] / "editors" / "vscode"
_SNIPPETS = json.loads((_SOURCE / "snippets.json").read_text(encoding="utf-8"))
_HELPDESK = """\
services: {{desk: {{use: SqliteTicketSystem, params: {{path: helpdesk.db}}}}}}
orchestrator:
  runners:
{}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed here")
def test_it_is_typed_built_and_packed(tmp_path: Path) -> None:
    folder = tmp_path / "otac" / "editors" / "vscode"
    own = shutil.ignore_patterns("node_modules", "dist", "workbench")
    shutil.copytree(_SOURCE, folder, ignore=own)
    shutil.copy(_SOURCE.parents[1] / "LICENSE", tmp_path / "otac")
    for words in (("install", "--ignore-scripts"), ("test",), ("run", "package")):
        command = ["npm", "--silent", *words]
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "package-lock.json").exists()
    with ZipFile(folder / "dist" / f"otac-{__version__}.vsix") as packed:
        names = {name for name in packed.namelist() if name.startswith("extension/")}
        built = packed.read("extension/dist/extension.js").decode()
    assert names == {
        f"extension/{one}"
        for one in (
            *("package.json", "readme.md", "LICENSE.txt", "snippets.json"),
            "dist/extension.js",
        )
    }
    assert "otac.runTestHere" in built


def _expanded(name: str, indent: int = 0) -> str:
    """A snippet as VS Code puts it in, when each default is kept."""
    (body,) = (one["body"] for one in _SNIPPETS.values() if one["prefix"] == name)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", "\n".join(body))
    return "\n".join(" " * indent + line for line in text.splitlines())


@pytest.mark.parametrize(
    "config",
    [
        _expanded("otac"),
        _HELPDESK.format(_expanded("runner", 4)),
        f"services:\n{_expanded('otobo', 2)}\n{_expanded('otac')}\n",
    ],
    ids=["otac", "runner", "otobo"],
)
def test_what_a_snippet_writes_compiles(config: str, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    done = otac("check", "config.yml", cwd=tmp_path)
    assert done.status == 0, done.err


def test_the_snippet_of_a_test_runs(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(_expanded("otac"), encoding="utf-8")
    (tmp_path / "tests").mkdir()
    tests = "tests:\n" + _expanded("test", 2)
    (tmp_path / "tests" / "routing.yml").write_text(tests, encoding="utf-8")
    done = otac("test", "config.yml", cwd=tmp_path, timeout=300)
    assert done.status == 0, done.out + done.err
