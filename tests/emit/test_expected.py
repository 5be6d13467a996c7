"""Whole outputs, file by file. `pytest --snapshot-update` writes them anew."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases import CASES
from otac.emit import emit

HERE = Path(__file__).parent


def folder(case: str) -> Path:
    return HERE / "expected" / case.replace(" ", "-")


def files(case: str) -> dict[str, str]:
    """Everything of an output as files; our part of `prefect.yaml` as JSON."""
    output = emit(CASES[case])
    deployments = [output.deployments.keys, *output.deployments.deployments]
    written = {artifact.path: artifact.text for artifact in output.artifacts}
    return written | {"deployments.json": json.dumps(deployments, indent=2) + "\n"}


def python_files(case: str) -> dict[str, str]:
    return {path: text for path, text in files(case).items() if path.endswith(".py")}


@pytest.mark.parametrize("case", CASES)
def test_output(case: str, request: pytest.FixtureRequest) -> None:
    written = files(case)
    if request.config.getoption("update_snapshots"):
        shutil.rmtree(folder(case), ignore_errors=True)
        for path, text in written.items():
            target = folder(case) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
    expected = {
        path.relative_to(folder(case)).as_posix(): path.read_bytes().decode()
        for path in folder(case).rglob("*")
        if path.is_file()
    }
    assert written == expected


@pytest.mark.parametrize("case", CASES)
def test_modules_start_with_a_comment_and_a_docstring(case: str) -> None:
    for text in python_files(case).values():
        first, _ = text.split("\n", 1)
        assert first.startswith("# Compiled by otac from ")
        assert first.endswith(". Edit the configuration, then run `otac build`.")
        assert ast.get_docstring(ast.parse(text))


def test_formatters_and_linters_are_content() -> None:
    for command in (
        ["ruff", "format", "--check", "--no-cache"],
        ["ruff", "check", "--no-cache"],
        ["black", "--check", "--quiet"],
    ):
        done = run(sys.executable, "-m", *command, ".", within=HERE / "expected")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_types_are_right(case: str, tmp_path: Path, mypy_cache: Path) -> None:
    """In a project of its own, with what the components of the cases would be."""
    shutil.copytree(folder(case), tmp_path, dirs_exist_ok=True)
    shutil.copytree(HERE / "acme", tmp_path / "acme")
    done = run(
        *(sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11"),
        *("--cache-dir", str(mypy_cache), "--follow-imports", "silent", "generated"),
        within=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("seed", ["0", "1"])
def test_output_is_the_same_everywhere(seed: str) -> None:
    script = (
        "import json, test_expected as t; "
        "print(json.dumps({c: t.files(c) for c in t.CASES}))"
    )
    surroundings = os.environ | {
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(HERE),
        "LC_ALL": "C" if seed == "0" else "C.UTF-8",
        "TZ": "Pacific/Auckland",
    }
    done = run(sys.executable, "-c", script, within=HERE, environment=surroundings)
    assert json.loads(done.stdout) == {case: files(case) for case in CASES}


def run(
    *command: str, within: Path, environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=within,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
