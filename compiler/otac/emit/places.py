"""Where runners and steps stand in the configuration, for messages of runs.

Not in the modules: a comment added to the configuration must not change ten of them.
"""

from collections.abc import Iterator, Mapping

from otac.emit.project_files import constructor_names
from otac.lower.project import Composite, Project, Step
from otac.source.source_text import SourceText


def places(project: Project, source: SourceText) -> Mapping[str, Mapping[str, int]]:
    """The line of each step by its path, for each runner; that of the runner under ``.

    Under the runner `` those of the services and their parameters, by the names of their
    constructors, which is what a run knows.
    """
    runners = {
        runner.id: {
            "": source.place(runner.origin.start).line,
            **{
                ".".join(step.path): source.place(step.origin.start).line
                for step in _steps(runner.steps)
            },
        }
        for runner in project.runners
    }
    return {**_services(project, source), **runners}


def _services(project: Project, source: SourceText) -> Mapping[str, Mapping[str, int]]:
    names = constructor_names(project.services)
    lines: dict[str, int] = {}
    for service in project.services:
        name = names[service.title]
        lines[name] = source.place(service.origin.start).line
        for argument in service.arguments:
            line = source.place(argument.value.origin.start).line
            lines[f"{name}.{argument.name}"] = line
    return {"": lines} if lines else {}


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step.action, Composite):
            yield from _steps(step.action.steps)
