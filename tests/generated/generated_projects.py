"""Every project there is an example of, compiled: the golden cases and `examples/`."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from otac.pipeline import CompileOptions, compile_configuration

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class GeneratedProject:
    """A project and its generated modules, by their paths in it."""

    name: str
    source: Path
    modules: dict[str, str]

    def write(self, folder: Path) -> list[Path]:
        """Lays the project out as a user has it, and returns the generated modules."""
        for module in self.own_modules():
            if module.is_dir():
                shutil.copytree(module, folder / module.name)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(module, folder)
        written = []
        for path, text in self.modules.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
            written.append(file)
        return written

    def own_modules(self) -> list[Path]:
        """The modules and packages that the user wrote himself."""
        packages = [path.parent for path in self.source.glob("*/__init__.py")]
        return sorted([*self.source.glob("*.py"), *packages])


def generated_projects() -> list[GeneratedProject]:
    """All of them that compile; the cases as they are committed."""
    cases = [
        GeneratedProject(folder.parent.name, folder.parent, _modules(folder))
        for folder in sorted((_ROOT / "tests" / "cases").glob("*/expected"))
    ]
    folders = [_ROOT, *sorted(p.parent for p in _ROOT.glob("examples/*/config.yml"))]
    examples = [GeneratedProject(p.name, p, _compiled(p)) for p in folders]
    return [project for project in cases + examples if project.modules]


def _modules(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def _compiled(folder: Path) -> dict[str, str]:
    data = (folder / "config.yml").read_bytes()
    compiled = compile_configuration("config.yml", data, folder, CompileOptions())
    assert compiled.output is not None, compiled.report
    found = {artifact.path: artifact.text for artifact in compiled.output.artifacts}
    return {path: text for path, text in found.items() if path.endswith(".py")}
