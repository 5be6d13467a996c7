"""A picture as one HTML page that needs nothing from anywhere."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

from otac import resources
from otac.emit.templates import render_escaped
from otac.graph.band import bars, bins, counted
from otac.graph.picture import Picture, Starts
from otac.graph.timeline import DAY_MINUTES


def html(picture: Picture) -> str:
    """The page: a list of runners, the chosen one as a graph, services, the timeline.

    Without its script all of it is shown, one below the other. Its policy lets only its own script and style run, so that nothing in a configuration
    could, even if it were not escaped.
    """
    script = (resources.folder("templates") / "graph.js").read_text(encoding="utf-8")
    timeline = picture.timeline
    shared = {minute for minute, _ in timeline.together}
    found = bins(timeline)
    rows = {row.title: (row, counted(row), _bars(row, shared)) for row in timeline.rows}
    starts = [
        [other for other, panel in enumerate(picture.panels) if number in panel.after]
        for number in range(len(picture.panels))
    ]
    most = max((count for _, count in found), default=1)
    return render_escaped(
        "graph.html.jinja",
        picture=picture,
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        starts=starts,
        instant=lambda minute: timeline.start + timedelta(minutes=minute),
        hours=[(minute, _percent(minute)) for minute in range(0, DAY_MINUTES, 180)],
        rows=rows,
        together=[
            (minute, count, _percent(minute), 100 * count / most)
            for minute, count in found
        ],
        most=most if found else 0,
    )


def _bars(row: Starts, shared: set[int]) -> list[tuple[str, float, float]]:
    return [
        (kind, _percent(first), _percent(last - first + 1))
        for kind, first, last in bars(row, shared)
    ]


def _percent(minutes: int) -> float:
    return 100 * minutes / DAY_MINUTES
