"""The timeline: a row for each runner that has a schedule, and where they overlap."""

from collections.abc import Iterator

from otac.graph.measure import cut, shortened
from otac.graph.picture import Starts, Timeline
from otac.graph.shapes import Drawing, Rect, Shape, TextShape
from otac.graph.timeline import DAY_MINUTES, clusters

_NAMES = 190.0
_COUNTS = 90.0
_ROW = 22.0
_OVERLAP = 44.0
_SIZE = 11.5
_KEY = (
    ("start", "a start", 80.0),
    ("together", "together with others", 160.0),
    ("dense", "every few minutes", 140.0),
)
_BIN_MINUTES = 10


def band(timeline: Timeline, room: float) -> Drawing:
    """The timeline, `room` wide."""
    field = room - _NAMES - _COUNTS
    per_minute = field / DAY_MINUTES
    shapes: list[Shape] = []
    x = 0.0
    for kind, word, wide in _KEY:
        shapes.append(Rect(kind, x, 1, 11, 11))
        shapes.append(TextShape("fact", x + 17, 11, word))
        x += wide
    top = 42.0
    bottom = top + 8 + _ROW * len(timeline.rows)
    if timeline.together:
        bottom += 10 + _OVERLAP
    for minute in range(0, DAY_MINUTES + 1, 180):
        x = _NAMES + minute * per_minute
        shapes.append(TextShape("hour", x, 36, timeline.clock(minute)))
        shapes.append(Rect("grid", x, top, 1, bottom - top))
    shared = {minute for minute, _ in timeline.together}
    y = top + 8
    for row in timeline.rows:
        name = shortened(row.title, _SIZE, _NAMES - 12)
        full = row.title if name != row.title else None
        shapes.append(TextShape("name", 0, y + 14, name, None, full))
        if row.problem is not None:
            text = cut(row.problem, _SIZE, field)
            shapes.append(
                TextShape("note", _NAMES + 4, y + 14, text, None, row.problem)
            )
        else:
            shapes.append(Rect("track", _NAMES, y + 3, field, _ROW - 6, 3))
            for kind, first, last in bars(row, shared):
                x = _NAMES + first * per_minute
                wide = max((last - first + 1) * per_minute, 2)
                shapes.append(Rect(kind, x, y + 4, wide, _ROW - 8))
            shapes.append(TextShape("count", room, y + 14, counted(row)))
        y += _ROW
    if timeline.together:
        shapes += _overlaps(timeline, y + 10, field)
    return Drawing(tuple(shapes), room, bottom + 4)


def bars(row: Starts, shared: set[int]) -> Iterator[tuple[str, int, int]]:
    """Kind, first and last minute of each bar: `dense`, `start` or `together`."""
    for first, last in clusters(row.minutes):
        if last > first:
            yield "dense", first, last
        else:
            yield "together" if first in shared else "start", first, last


def counted(row: Starts) -> str:
    """`288 runs`."""
    return f"{row.runs:,} run{'s' * (row.runs != 1)}"


def bins(timeline: Timeline) -> list[tuple[int, int]]:
    """For each ten minutes in which runners start together: the minute, how many."""
    most: dict[int, int] = {}
    for minute, count in timeline.together:
        slot = minute // _BIN_MINUTES * _BIN_MINUTES
        most[slot] = max(most.get(slot, 0), count)
    return sorted(most.items())


def _overlaps(timeline: Timeline, y: float, field: float) -> Iterator[Shape]:
    found = bins(timeline)
    yield TextShape("name", 0, y + 18, "starting together")
    top = max(count for _, count in found)
    for minute, count in found:
        height = (_OVERLAP - 6) * count / top
        x = _NAMES + minute * field / DAY_MINUTES
        wide = _BIN_MINUTES * field / DAY_MINUTES - 1
        yield Rect("together", x, y + _OVERLAP - height, max(wide, 1), height)
    yield TextShape("count", _NAMES + field + _COUNTS, y + 18, f"at most {top}")
