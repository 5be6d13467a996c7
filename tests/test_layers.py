"""The layers of docs/architecture.md, and what may be imported on the way of a build."""

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
