"""The runners that a command line names."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from otac.diagnostics.frame import visible
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


def select(project: Project, patterns: Sequence[str] | None) -> Project | str:
    """The project with those runners alone that a pattern names, or what to say.

    None names all. A pattern is an id, or has `*`, `?` or `[...]` in it as for files.
    """
    if patterns is None:
        return project
    chosen: set[str] = set()
    for pattern in patterns:
        found = [one.id for one in project.runners if fnmatchcase(one.id, pattern)]
        if not found:
            missing = find_runner(project, pattern)
            if isinstance(missing, str):
                return missing
            # Its own signs are those of patterns.
            found = [missing.id]
        chosen.update(found)
    kept = tuple(one for one in project.runners if one.id in chosen)
    return project._replace(runners=kept)
