"""From a project to what is drawn of it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias
from urllib.parse import quote

from otac.emit.schedule import in_words
from otac.graph.picture import Box, Links, Panel, Picture, ServiceMark
from otac.graph.timeline import timeline
from otac.graph.words import about, policy, shown, value
from otac.lower.project import Call, Component, Project, Runner, Step
from otac.source.span import Span

# From a place to its line.
Lines: TypeAlias = Callable[[Span], int]

_OWN = "otac.components"
_SEARCHES = ("deployments.flowOrDeploymentNameLike", "flowOrDeploymentName")


def sketch(project: Project, lines: Lines, links: Links, start: datetime) -> Picture:
    """Everything that a picture of the project says.

    `start`, in UTC, is where the timeline begins.
    """
    pen = _Pen(lines, links)
    indices = {runner.id: index for index, runner in enumerate(project.runners)}
    return Picture(
        shown(project.name),
        shown(project.source),
        tuple(pen.panel(runner, indices) for runner in project.runners),
        tuple(
            ServiceMark(
                shown(service.title),
                _name(service.component),
                *pen.place(service.origin),
            )
            for service in project.services
        ),
        timeline(project.runners, start),
    )


class _Pen:
    """Knows where links lead."""

    def __init__(self, lines: Lines, links: Links) -> None:
        self._lines = lines
        self._links = links

    def place(self, origin: Span) -> tuple[int, str]:
        """The line, and a link to it."""
        line = self._lines(origin)
        return line, f"{self._links.source}#L{line}"

    def panel(self, runner: Runner, indices: dict[str, int]) -> Panel:
        moments = [in_words(schedule) for schedule in runner.schedules]
        if runner.after:
            moments.append(f"after {', '.join(runner.after)}")
        if runner.triggers:
            moments.append("on Prefect events")
        line, href = self.place(runner.origin)
        return Panel(
            shown(runner.id),
            shown(runner.description) if runner.description else None,
            tuple(map(shown, moments)) or ("started by hand",),
            about(runner),
            tuple(indices[name] for name in runner.after if name in indices),
            line,
            href,
            self._deployment(runner),
            tuple(map(self.box, runner.steps)),
        )

    def box(self, step: Step) -> Box:
        notes: list[str] = []
        if step.depends_on:
            notes.append(f"needs {', '.join(map(shown, step.depends_on))}")
        if step.condition is not None:
            notes.append(f"if {value(step.condition)}")
        if step.for_each is not None:
            many = step.for_each.max_concurrency
            at_once = f", {many} at a time" if many > 1 else ""
            notes.append(f"for each of {value(step.for_each.items)}{at_once}")
        action = step.action
        is_task = isinstance(action, Call)
        line, href = self.place(step.origin)
        return Box(
            shown(step.id),
            _name(action.component) if isinstance(action, Call) else None,
            tuple(notes),
            policy(step.policy, is_task=is_task),
            tuple(shown(one.service) for one in action.injections)
            if isinstance(action, Call)
            else (),
            line,
            href,
            () if isinstance(action, Call) else tuple(map(self.box, action.steps)),
        )

    def _deployment(self, runner: Runner) -> str | None:
        if self._links.prefect is None:
            return None
        # The page of a deployment has its id in it, which the server made up; the list of
        # those with a name needs none. Prefect's old interface and its new one each take
        # their own parameter and leave the other alone.
        name = quote(runner.id, safe="")
        query = "&".join(f"{parameter}={name}" for parameter in _SEARCHES)
        return f"{self._links.prefect.rstrip('/')}/deployments?{query}"


def _name(component: Component) -> str:
    """Built-in ones by their name alone."""
    if component.module == _OWN:
        return shown(component.name)
    return shown(f"{component.module}:{component.name}")
