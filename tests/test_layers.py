"""The layers of docs/architecture.md, and what may be imported on the way of a build."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_a_stage_imports_only_what_is_below_it() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unwanted", ["prefect", "pydantic", "jsonschema", "numpy"])
def test_a_build_imports_no(unwanted: str, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_bytes((ROOT / "config.yml").read_bytes())
    script = (
        "import sys\n"
        "from otac.cli import main\n"
        "status = main(['build', '-q', 'config.yml'])\n"
        f"sys.exit(status or {unwanted!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_the_makefile_names_tests_that_exist() -> None:
    """Pytest under xdist runs nothing, and says no name, where one folder is missing."""
    named = set(re.findall(r"\btests/[\w/.]+", (ROOT / "Makefile").read_text("utf-8")))
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


# The interfaces of Open Ticket AI, which plugins and scripts import by these names; a
# template of the IR, which becomes one of a run; a component and what `use` makes of it;
# what ends a run for Prefect, and for a caller in Python.
SHARED_NAMES = {"AppConfig", "Component", "PipeFactory", "RunFailed", "Template"}


def test_a_class_name_means_one_thing_in_the_whole_house() -> None:
    """At most these stand in more than one room, so that "go to symbol" is no lottery."""
    package = ROOT / "compiler/otac"
    rooms: dict[str, set[str]] = {}
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.ClassDef):
                room = file.relative_to(package).parts[0]
                rooms.setdefault(node.name, set()).add(room)
    assert {name for name, where in rooms.items() if len(where) > 1} <= SHARED_NAMES
