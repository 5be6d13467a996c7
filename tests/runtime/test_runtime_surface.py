"""What generated modules can import, and what that costs."""

import subprocess
import sys
from pathlib import Path

import pytest

import otac.runtime


def test_the_public_surface() -> None:
    assert otac.runtime.__all__ == [
        "Deferred",
        "Fail",
        "Late",
        "Run",
        "Stop",
        "Template",
        "Window",
        "build",
        "notify",
        "plugin",
        "project_directory",
    ]
    for name in otac.runtime.__all__:
        assert hasattr(otac.runtime, name)


def test_fail_and_stop_are_those_of_components() -> None:
    from otac import components

    assert otac.runtime.Fail is components.Fail
    assert otac.runtime.Stop is components.Stop


def test_the_build_step_of_a_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert otac.runtime.project_directory() == {"directory": str(tmp_path)}


@pytest.mark.parametrize("module", ["prefect", "jinja2", "apprise"])
def test_importing_the_runtime_does_not_import(module: str) -> None:
    code = f"import sys, otac.runtime; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
