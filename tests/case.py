"""Golden cases: a folder with a configuration, and what compiling it gives."""

from dataclasses import dataclass
from pathlib import Path

from otac.cli.env_file import read_env_file
from otac.diagnostics import full
from otac.diagnostics.report import Report
from otac.emit import Output
from otac.output.lock import Inputs
from otac.output.plan import BuildPlan, plan
from otac.pipeline import CompileOptions, compile_configuration

CASES = Path(__file__).parent / "cases"

# Components of plugins are sorted among the user's own: generated code must import otac
# before them. Where ruff does not find such a package, it takes it for a third party's.
PLUGINS = ("--config", "lint.isort.known-first-party = ['otai_acme']")

# The lock names otac's version, and digests of what is compared anyway.
_NOT_COMPARED = {"generated/otac.lock"}


@dataclass(frozen=True, slots=True)
class Case:
    """A folder with `config.yml`, the modules it imports, and what is `expected`."""

    folder: Path

    def __str__(self) -> str:
        return self.folder.name

    def produce(self) -> dict[str, bytes]:
        """The files of `expected` by their paths: the output, and all that is said."""
        data = (self.folder / "config.yml").read_bytes()
        options = CompileOptions(environment=self._environment())
        compiled = compile_configuration("config.yml", data, self.folder, options)
        files = {} if compiled.output is None else _written(compiled.output)
        diagnostics = full.render(compiled.report)
        if diagnostics:
            files["diagnostics.txt"] = diagnostics.encode()
        return files

    def _environment(self) -> frozenset[str] | None:
        """The variables that are set, where a file of them lies beside the case."""
        file = self.folder / "variables.env"
        if not file.exists():
            return None
        variables = read_env_file(file)
        assert not isinstance(variables, Report)
        return frozenset(variables)

    def expected(self) -> dict[str, Path]:
        """The files there are, by the same paths."""
        folder = self.folder / "expected"
        return {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file()
        }


def cases() -> list[Case]:
    """All of them, by name."""
    return [Case(path.parent) for path in sorted(CASES.glob("*/config.yml"))]


def _written(output: Output) -> dict[str, bytes]:
    """What a build would write into a folder that is not there yet."""
    planned = plan(CASES / "no such folder", output, Inputs("", "", "config.yml", ()))
    assert isinstance(planned, BuildPlan)
    return {
        change.path: change.new
        for change in planned.changes
        if change.new is not None and change.path not in _NOT_COMPARED
    }
