"""A configuration, compiled: what an orchestrator runs."""

from dataclasses import dataclass
from pathlib import Path

from otac.diagnostics.suggest import nearest
from otac.emit.layout import Output
from otac.lower.project import Project, Runner
from otac.orchestrator.app_config import Source, path_of
from otac.orchestrator.problem import ConfigurationError, OrchestratorError, told
from otac.pipeline import CompileOptions, compile_configuration
from otac.plain_file import read_file


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The project and its generated files; `folder` is the configuration's, absolute."""

    project: Project
    output: Output
    folder: Path

    def runner(self, pipe_id: str) -> Runner:
        """The runner of this id; OrchestratorError if there is none."""
        runners = {runner.id: runner for runner in self.project.runners}
        if pipe_id in runners:
            return runners[pipe_id]
        message = f"there is no runner `{pipe_id}` in {self.project.source}"
        if similar := nearest(pipe_id, runners):
            raise OrchestratorError(f"{message}; did you mean `{similar}`?")
        listed = ", ".join(f"`{one}`" for one in runners)
        raise OrchestratorError(f"{message}; it has {listed}")


def compiled(source: Source) -> Blueprint:
    """Compile a configuration as `otac run` does; ConfigurationError says all about it.

    What runs is what the configuration says; output that lies beside it is let alone.
    """
    path = Path(path_of(source))
    try:
        data = read_file(path)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise ConfigurationError(f"`{path}` cannot be read: {reason}") from None
    folder = path.resolve().parent
    options = CompileOptions(path.name)
    result = compile_configuration(str(path), data, folder, options)
    if result.output is None or result.project is None:
        raise ConfigurationError(told(result.report))
    return Blueprint(result.project, result.output, folder)
