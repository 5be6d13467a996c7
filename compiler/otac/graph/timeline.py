"""When runners start in the 24 hours after an instant."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from otac.graph.picture import Starts, Timeline
from otac.graph.words import shown
from otac.lower.project import Runner
from otac.schedules.clocks import Habits, Patience, Untold, installed
from otac.schedules.due import by_minute

DAY_MINUTES = 24 * 60
_CLOSE_MINUTES = 3
# Instants that are looked at for one picture: about a second's work.
_MOST = 100_000


def timeline(runners: Iterable[Runner], start: datetime) -> Timeline:
    """The rows of all runners that have an active schedule. `start` is in UTC."""
    start = start.replace(second=0, microsecond=0)
    habits, patience = installed(), Patience(_MOST)
    rows = tuple(
        _row(runner, start, habits, patience)
        for runner in runners
        if any(schedule.active for schedule in runner.schedules)
    )
    starting = Counter(
        first for row in rows for first, last in clusters(row.minutes) if first == last
    )
    together = tuple(sorted((m, n) for m, n in starting.items() if n > 1))
    return Timeline(start, rows, together)


def clusters(minutes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of the minutes that follow each other closely.

    A runner that starts every few minutes meets all the others, which says nothing.
    """
    begin = 0
    for index in range(1, len(minutes) + 1):
        if (
            index == len(minutes)
            or minutes[index] - minutes[index - 1] > _CLOSE_MINUTES
        ):
            yield minutes[begin], minutes[index - 1]
            begin = index


def _row(runner: Runner, start: datetime, habits: Habits, patience: Patience) -> Starts:
    title = shown(runner.id)
    counts: Counter[int] = Counter()
    for schedule in runner.schedules:
        if schedule.active:
            try:
                found = by_minute(schedule.when, start, DAY_MINUTES, habits, patience)
                counts.update(found)
            except Untold as missing:
                return Starts(title, (), 0, str(missing))
    return Starts(title, tuple(sorted(counts)), counts.total())
