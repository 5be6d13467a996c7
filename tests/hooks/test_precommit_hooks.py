"""`.pre-commit-hooks.yaml`, as pre-commit reads and runs it."""

import os
import subprocess
from pathlib import Path

import pytest
from programs import ROOT, tool

pytestmark = pytest.mark.slow


def _git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=otac", "-c", "user.email=otac@example.com"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(project: Path) -> Path:
    _git(project, "init", "--quiet")
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--message", "A project")
    return project


def test_the_manifest_is_one() -> None:
    tool("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")


def test_hooks_pass_on_a_new_project_and_fail_on_a_mistake(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(committed.parent / "home"))
    # A run of the tests in a hook has these, for the repository around it.
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        if name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
            monkeypatch.delenv(name)
    trying = ("pre-commit", "try-repo", "--all-files", str(ROOT))
    told = tool(*trying, cwd=committed)
    assert told.count("Passed") == 3
    config = committed / "config.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("interval_seconds: 300", "interval_seconds: 301"))
    told = tool(*trying, "otac-build", cwd=committed, status=1)
    assert "Failed" in told
    assert "prefect.yaml" in told
