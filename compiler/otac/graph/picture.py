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
    """A step. `notes` are conditions and loops, `facts` policies, each a few words."""

    title: str
    component: str | None
    notes: tuple[str, ...]
    facts: tuple[str, ...]
    services: tuple[str, ...]
    line: int
    href: str
    boxes: tuple["Box", ...]


class Panel(NamedTuple):
    """A runner. `after` are indices of panels whose completion starts it."""

    title: str
    description: str | None
    moments: tuple[str, ...]
    facts: tuple[str, ...]
    after: tuple[int, ...]
    line: int
    href: str
    deployment: str | None
    boxes: tuple[Box, ...]


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
        if not self.together:
            return "No two runners start in the same minute."
        most = max(count for _, count in self.together)
        first = next(minute for minute, count in self.together if count == most)
        times = len(self.together)
        return (
            f"Several runners start together in {times} minute{'s' * (times > 1)}, "
            f"at most {most} (first at {self.clock(first)})."
        )


class Picture(NamedTuple):
    """A project."""

    title: str
    source: str
    panels: tuple[Panel, ...]
    services: tuple[ServiceMark, ...]
    timeline: Timeline

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


def _count(boxes: tuple[Box, ...]) -> int:
    return sum(1 + _count(box.boxes) for box in boxes)
