"""The runner that a command line names."""

from otac.diagnostics.cells import visible
from otac.diagnostics.suggest import nearest
from otac.lower.project import Project, Runner


def find_runner(project: Project, id: str) -> Runner | str:
    """The runner, or what to say if there is none."""
    runners = {runner.id: runner for runner in project.runners}
    if id in runners:
        return runners[id]
    message = f"there is no runner `{visible(id)}` in {project.source}"
    if similar := nearest(id, runners):
        return f"{message}; did you mean `{similar}`?"
    return f"{message}; it has {', '.join(f'`{one}`' for one in runners)}"
