"""Generated modules are Python that people would commit: no tool has anything to say.

Each tool is called once, over the modules of all golden cases and examples together.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from generated_projects import GeneratedProject, generated_projects

from case import PLUGINS

PROJECTS = generated_projects()


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each project."""
    folder = tmp_path_factory.mktemp("projects")
    for project in PROJECTS:
        project.write(folder / project.name)
    return folder


def test_there_are_modules_to_look_at() -> None:
    flows = [p for one in PROJECTS for p in one.modules if "/flows/" in p]
    assert len(flows) > 100
    assert {"main", "the-guide-builds-as-printed"} & {p.name for p in PROJECTS}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_a_module_is_python_and_says_what_it_is(project: GeneratedProject) -> None:
    for path, text in project.modules.items():
        tree = ast.parse(text, path)
        assert ast.get_docstring(tree), path
        assert text.startswith("# Compiled by otac from config.yml."), path
        assert text.endswith("\n"), path
        assert "\r" not in text, path
        assert text.isprintable() or _printable(text), path


def test_ruff_finds_nothing(layout: Path) -> None:
    sources = ", ".join(f'"{project.name}"' for project in PROJECTS)
    _clean(
        layout,
        *("ruff", "check", "--isolated", "--no-cache", "--target-version", "py311"),
        *("--extend-select", "I,UP,B", "--config", f"src = [{sources}]"),
        *PLUGINS,
        *_generated(layout),
    )


def test_ruff_would_format_nothing(layout: Path) -> None:
    _clean(
        layout,
        *("ruff", "format", "--isolated", "--no-cache", "--check"),
        *_generated(layout),
    )


def test_black_would_format_nothing(layout: Path) -> None:
    _clean(
        layout,
        *("black", "--config", "/dev/null", "--check", "--quiet", "--diff"),
        *_generated(layout),
    )


@pytest.mark.slow
def test_mypy_finds_nothing(tmp_path: Path) -> None:
    files: list[str] = []
    for number, project in enumerate(PROJECTS):
        # One call sees all projects, and each has a module `generated`.
        package = f"project_{number}"
        own = ["generated", *(path.stem for path in project.own_modules())]
        for file in project.write(tmp_path / package):
            text = file.read_text("utf-8")
            for name in own:
                text = text.replace(
                    f"from {name} import", f"from {package}.{name} import"
                )
                text = text.replace(f"from {name}.", f"from {package}.{name}.")
            file.write_text(text, "utf-8")
            files.append(str(file.relative_to(tmp_path)))
    ini = tmp_path / "mypy.ini"
    plugins = Path(__file__).parents[1] / "plugins"
    ini.write_text(f"[mypy]\nnamespace_packages = True\nmypy_path = {plugins}\n")
    _clean(
        tmp_path,
        *("mypy", "--strict", "--config-file", "mypy.ini", "--python-version", "3.11"),
        # Modules of the user's are his own business.
        *("--explicit-package-bases", "--follow-imports", "silent", "--no-pretty"),
        *("--cache-dir", "/dev/null", *files),
    )


def _generated(layout: Path) -> list[str]:
    return [str(path.relative_to(layout)) for path in layout.glob("*/generated")]


def _printable(text: str) -> bool:
    """No character that an editor would hide or reorder."""
    return all(line.isprintable() for line in text.split("\n"))


def _clean(folder: Path, tool: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
