"""What is drawn, as a value: the same for every format.

All texts are already fit to be shown: nothing in them hides or reverses what follows.
"""

from datetime import datetime
from typing import NamedTuple


class Links(NamedTuple):
    """Where links lead. `source` is an address of the configuration, `prefect` of its UI."""

    source: str
    prefect: str | None = None


class Box(NamedTuple):
    """A step. `facts` are its policies, each a few words.

    `needs` are ids of steps, `condition` an expression, `loop` the expression of a
    for-each and `at_once` how many of its items at a time. `source` is its YAML from
    `line` on, `warnings` what was found in these lines and in no box inside.
    """

    title: str
    component: str | None
    needs: tuple[str, ...]
    condition: str | None
    loop: str | None
    at_once: int
    facts: tuple[str, ...]
    services: tuple[str, ...]
    line: int
    href: str
    source: str
    warnings: tuple[str, ...]
    boxes: tuple["Box", ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Conditions and loops in words."""
        notes: list[str] = []
        if self.needs:
            notes.append(f"needs {', '.join(self.needs)}")
        if self.condition is not None:
            notes.append(f"if {self.condition}")
        if self.loop is not None:
            notes.append(f"for each of {self.loop}{self.pace}")
        return tuple(notes)

    @property
    def pace(self) -> str:
        """`, 4 at a time`."""
        return f", {self.at_once} at a time" if self.at_once > 1 else ""


class RunsMark(NamedTuple):
    """How a runner does on a server: `Completed 4 min ago`, `in 56 s`.

    `mood` is `good`, `bad` or `plain`; `failures` are those of the last 24 hours.
    """

    last: str
    next: str
    mood: str
    failures: int


class Panel(NamedTuple):
    """A runner. `after` are indices of panels whose completion starts it.

    `warnings` are those in its lines that belong to no step.
    """

    title: str
    description: str | None
    moments: tuple[str, ...]
    facts: tuple[str, ...]
    after: tuple[int, ...]
    line: int
    href: str
    deployment: str | None
    boxes: tuple[Box, ...]
    warnings: tuple[str, ...] = ()
    standing: RunsMark | None = None

    @property
    def warned(self) -> int:
        """How many warnings there are in it and its steps."""
        return len(self.warnings) + sum(map(_warned, self.boxes))


class ServiceMark(NamedTuple):
    """A service and where it stands."""

    title: str
    component: str
    line: int
    href: str


class Starts(NamedTuple):
    """When a runner starts, in minutes from the beginning, ascending, each once.

    `runs` counts all starts, also those of the same minute. `problem` is why they cannot
    be told.
    """

    title: str
    minutes: tuple[int, ...]
    runs: int
    problem: str | None = None


class Timeline(NamedTuple):
    """The 24 hours from `start` (UTC, a whole minute); `rows` are runners with schedules.

    `together` holds, for each minute in which several runners start, how many do; those
    that start every few minutes are not counted.
    """

    start: datetime
    rows: tuple[Starts, ...]
    together: tuple[tuple[int, int], ...]

    def clock(self, minute: int) -> str:
        """`06:30`, of a minute from the beginning."""
        minute += self.start.hour * 60 + self.start.minute
        return f"{minute // 60 % 24:02}:{minute % 60:02}"

    @property
    def span(self) -> str:
        """`2026-01-01 00:00 UTC and the 24 hours after it`."""
        return f"24 hours from {self.start:%Y-%m-%d %H:%M} UTC"

    @property
    def busiest(self) -> str:
        """A sentence about overlaps."""
        if self.most_together is None:
            return "No two runners start in the same minute."
        first, most = self.most_together
        times = len(self.together)
        return (
            f"Several runners start together in {times} minute{'s' * (times > 1)}, "
            f"at most {most} (first at {self.clock(first)})."
        )

    @property
    def most_together(self) -> tuple[int, int] | None:
        """The first minute in which most runners start, and how many do."""
        return max(self.together, key=lambda one: (one[1], -one[0]), default=None)


class Picture(NamedTuple):
    """A project. `warnings` are those that belong to no runner, `asked` says when `server`
    was asked how the runners do; both are None where it was not."""

    title: str
    source: str
    panels: tuple[Panel, ...]
    services: tuple[ServiceMark, ...]
    timeline: Timeline
    warnings: tuple[str, ...] = ()
    asked: datetime | None = None
    server: str | None = None

    @property
    def summary(self) -> str:
        """`2 runners, 9 steps, 3 services`."""
        steps = sum(_count(panel.boxes) for panel in self.panels)
        counts = (
            (len(self.panels), "runner"),
            (steps, "step"),
            (len(self.services), "service"),
        )
        return ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in counts)


def _warned(box: Box) -> int:
    return len(box.warnings) + sum(map(_warned, box.boxes))


def _count(boxes: tuple[Box, ...]) -> int:
    return sum(1 + _count(box.boxes) for box in boxes)
