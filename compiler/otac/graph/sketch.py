"""From a project to what is drawn of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from otac.diagnostics.diagnostic import Diagnostic
from otac.emit.schedule import in_words
from otac.graph.excerpt import excerpt
from otac.graph.picture import Box, Links, Panel, Picture, RunsMark, ServiceMark
from otac.graph.timeline import timeline
from otac.graph.words import about, policy, shown, value
from otac.lower.project import Call, Component, Project, Runner, Step
from otac.source.document import Span
from otac.source.source_text import SourceText

_OWN = "otac.components"
_SEARCHES = ("deployments.flowOrDeploymentNameLike", "flowOrDeploymentName")


class Known(NamedTuple):
    """What is drawn beside the project itself.

    `found` is what was said of `source`, `standings` how runners do on `server`, which was
    asked at the instant `asked`.
    """

    source: SourceText
    found: Sequence[Diagnostic] = ()
    standings: Mapping[str, RunsMark] = {}
    asked: datetime | None = None
    server: str | None = None


def sketch(project: Project, known: Known, links: Links, start: datetime) -> Picture:
    """Everything that a picture of the project says.

    `start`, in UTC, is where the timeline begins.
    """
    pen = _Pen(known, links)
    indices = {runner.id: index for index, runner in enumerate(project.runners)}
    panels = tuple(pen.panel(runner, indices) for runner in project.runners)
    return Picture(
        shown(project.name),
        shown(project.source),
        panels,
        tuple(
            ServiceMark(
                shown(service.title),
                _name(service.component),
                *pen.place(service.origin),
            )
            for service in project.services
        ),
        timeline(project.runners, start),
        pen.rest(),
        known.asked,
        known.server,
    )


class _Pen:
    """Knows where links lead, and which findings nobody has shown yet."""

    def __init__(self, known: Known, links: Links) -> None:
        self._known = known
        self._links = links
        self._left = [
            (None if one.span is None else self._line(one.span), one)
            for one in known.found
        ]

    def place(self, origin: Span) -> tuple[int, str]:
        """The line, and a link to it."""
        line = self._line(origin)
        return line, f"{self._links.source}#L{line}"

    def rest(self) -> tuple[str, ...]:
        """The findings that belong to no runner."""
        return tuple(_told(line, one) for line, one in self._left)

    def panel(self, runner: Runner, indices: dict[str, int]) -> Panel:
        moments = [in_words(schedule) for schedule in runner.schedules]
        if runner.after:
            moments.append(f"after {', '.join(runner.after)}")
        if runner.triggers:
            moments.append("on Prefect events")
        line, href = self.place(runner.origin)
        boxes = tuple(map(self.box, runner.steps))
        lines = excerpt(self._known.source, runner.origin)
        return Panel(
            shown(runner.id),
            shown(runner.description) if runner.description else None,
            tuple(map(shown, moments)) or ("started by hand",),
            about(runner),
            tuple(indices[name] for name in runner.after if name in indices),
            line,
            href,
            self._deployment(runner),
            boxes,
            self._warnings(line, len(lines)),
            self._known.standings.get(runner.id),
        )

    def box(self, step: Step) -> Box:
        loop, action = step.for_each, step.action
        is_task = isinstance(action, Call)
        line, href = self.place(step.origin)
        # Those inside take what is theirs first.
        boxes = () if isinstance(action, Call) else tuple(map(self.box, action.steps))
        lines = excerpt(self._known.source, step.origin)
        return Box(
            shown(step.id),
            _name(action.component) if isinstance(action, Call) else None,
            tuple(map(shown, step.depends_on)),
            None if step.condition is None else value(step.condition),
            None if loop is None else value(loop.items),
            1 if loop is None else loop.max_concurrency,
            policy(step.policy, is_task=is_task),
            tuple(shown(one.service) for one in action.injections)
            if isinstance(action, Call)
            else (),
            line,
            href,
            "\n".join(lines),
            self._warnings(line, len(lines)),
            boxes,
        )

    def _line(self, span: Span) -> int:
        return self._known.source.place(span.start).line

    def _warnings(self, line: int, count: int) -> tuple[str, ...]:
        """Takes what was found in these lines out of what is left."""
        here = [
            (at, one)
            for at, one in self._left
            if at is not None and line <= at < line + count
        ]
        self._left = [one for one in self._left if one not in here]
        return tuple(_told(at, one) for at, one in here)

    def _deployment(self, runner: Runner) -> str | None:
        if self._links.prefect is None:
            return None
        # The page of a deployment has its id in it, which the server made up; the list of
        # those with a name needs none. Prefect's old interface and its new one each take
        # their own parameter and leave the other alone.
        name = quote(runner.id, safe="")
        query = "&".join(f"{parameter}={name}" for parameter in _SEARCHES)
        return f"{self._links.prefect.rstrip('/')}/deployments?{query}"


def _told(line: int | None, found: Diagnostic) -> str:
    """`OTC331: `password` is written into the configuration (line 6): why`."""
    place = "" if line is None else f" (line {line})"
    label = f": {found.label}" if found.label else ""
    return shown(f"{found.code}: {found.message}{place}{label}")


def _name(component: Component) -> str:
    """Built-in ones by their name alone."""
    if component.module == _OWN:
        return shown(component.name)
    return shown(f"{component.module}:{component.name}")
