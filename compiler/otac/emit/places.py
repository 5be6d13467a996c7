"""Where runners and steps stand in the configuration, for messages of runs.

Not in the modules: a comment added to the configuration must not change ten of them.
"""

from collections.abc import Iterator, Mapping

from otac.lower.project import Composite, Project, Step
from otac.source.source_text import SourceText


def places(project: Project, source: SourceText) -> Mapping[str, Mapping[str, int]]:
    """The line of each step by its path, for each runner; that of the runner under ``."""
    return {
        runner.id: {
            "": source.place(runner.origin.start).line,
            **{
                ".".join(step.path): source.place(step.origin.start).line
                for step in _steps(runner.steps)
            },
        }
        for runner in project.runners
    }


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step.action, Composite):
            yield from _steps(step.action.steps)
