"""The modules that the golden cases expect are Python that people would commit."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from case import PLUGINS, Case, cases

_COMPILED = [case for case in cases() if "prefect.yaml" in case.expected()]

_IMPORT_ALL = """
import json, os, runpy, sys

failed = {}
for folder in sys.argv[1:]:
    os.chdir(folder)
    sys.path.insert(0, folder)
    for folder_of_modules, _, names in os.walk("generated"):
        for name in names:
            path = os.path.join(folder_of_modules, name)
            if name.endswith(".py"):
                try:
                    runpy.run_path(path, run_name="loaded")
                except Exception as error:
                    failed[os.path.join(os.path.basename(folder), path)] = repr(error)
    sys.path.remove(folder)
    for name in list(sys.modules):
        if name.partition(".")[0] in ("acme", "generated", "hooks"):
            del sys.modules[name]
print(json.dumps(failed))
"""


def _built(case: Case, folder: Path) -> Path:
    """The case as it is after a build: modules of the user's beside generated ones."""
    built = folder / str(case)
    shutil.copytree(
        case.folder, built, ignore=shutil.ignore_patterns("expected", "__pycache__")
    )
    shutil.copytree(case.folder / "expected", built, dirs_exist_ok=True)
    return built


@pytest.mark.parametrize("case", _COMPILED, ids=str)
def test_ruff_has_nothing_to_say(case: Case, tmp_path: Path) -> None:
    built = _built(case, tmp_path)
    rules = ["--extend-select", "I,UP,B", "--target-version", "py311", *PLUGINS]
    for command in (["check", *rules], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "generated"],
            cwd=built,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode()


@pytest.mark.slow
def test_prefect_imports_them(tmp_path: Path) -> None:
    pytest.importorskip("prefect")
    folders = [str(_built(case, tmp_path)) for case in _COMPILED]
    environment = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(Path(__file__).parent / "plugins"),
    }
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, *folders],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {}
