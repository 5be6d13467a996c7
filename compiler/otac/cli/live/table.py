"""The runners as a table: one line each, the most interesting first where room is short."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from otac.cli.live.board import RunnerRow
from otac.cli.live.cells import cut, folded, padded, width
from otac.cli.live.words import span
from otac.cli.outcome import painted_state
from otac.diagnostics.frame import Ink, paint

_GAP = 2
# The last column takes what is left; below this, others give way.
_LEAST_STATE = 18
_LEAST_MOMENTS = 10
_LEAST_NAME = 14
_NARROWEST = 10
_INDENT = 4
# A run that is so much behind its time is no longer about to start.
_LATE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class TableView:
    """The room there is, the instant that it is, and whether there are colours."""

    width: int
    height: int
    now: datetime
    color: bool


def table(rows: Sequence[RunnerRow], view: TableView) -> list[str]:
    """At most `height` lines. Reasons that do not fit beside the rest stand below it, if
    there is room for all of them."""
    if view.height < 2 or not rows:
        return []
    columns = _columns(rows, view)
    head = "  ".join(
        padded(title, size, right=title in _NUMBERS) for title, size in columns.items()
    )
    lines = [paint(cut(head, view.width).rstrip(), Ink.FRAME, view.color)]
    room = view.height - 1
    whole = [_whole(row, columns, view) for row in rows]
    if sum(map(len, whole)) <= room:
        return lines + [line for some in whole for line in some]
    if len(rows) <= room:
        return lines + [_line(row, columns, view) for row in rows]
    shown = sorted(rows, key=lambda row: _interest(row, view.now))
    lines += (_line(row, columns, view) for row in shown[: room - 1])
    return [*lines, cut(_rest(shown[room - 1 :]), view.width)]


_NUMBERS = ("tickets", "runs", "failed")


def _columns(rows: Sequence[RunnerRow], view: TableView) -> dict[str, int]:
    """The columns that there is room for, with their widths."""
    sizes = {
        "runner": max(width("runner"), *(width(row.name) for row in rows)),
        "schedule": max(width("schedule"), *(width(row.moments) for row in rows)),
        "next": max(width("starting"), *(width(_due(row, view.now)) for row in rows)),
        "tickets": 7,
        "runs": max(4, *(len(str(row.runs)) for row in rows)),
        "failed": 6,
    }
    sizes["schedule"] = min(sizes["schedule"], 24)
    sizes["runner"] = min(sizes["runner"], max(_NARROWEST, view.width // 3))
    if not any(row.failures for row in rows):
        del sizes["failed"]
    if all(row.tickets is None for row in rows):
        del sizes["tickets"]

    def left() -> int:
        return view.width - sum(sizes.values()) - _GAP * len(sizes)

    lacks = max(0, _LEAST_STATE - left())
    sizes["schedule"] -= min(lacks, max(0, sizes["schedule"] - _LEAST_MOMENTS))
    lacks = max(0, _LEAST_STATE - left())
    sizes["runner"] -= min(lacks, max(0, sizes["runner"] - _LEAST_NAME))
    for name in ("schedule", "tickets", "failed", "runs"):
        if left() < _LEAST_STATE and name in sizes:
            del sizes[name]
    lacks = max(0, _LEAST_STATE - left())
    sizes["runner"] -= min(lacks, max(0, sizes["runner"] - _NARROWEST))
    if left() < _NARROWEST:
        del sizes["next"]
    sizes["last run"] = max(left(), 1)
    return sizes


def _line(row: RunnerRow, columns: dict[str, int], view: TableView) -> str:
    return _cells(row, columns, view, row.reason)


def _whole(row: RunnerRow, columns: dict[str, int], view: TableView) -> list[str]:
    """The row with all of its reason."""
    needed = width(_state(row, view)) + 2 + width(row.reason)
    if not row.reason or needed <= columns["last run"]:
        return [_line(row, columns, view)]
    reason = folded(" " * _INDENT + row.reason, view.width, _INDENT)
    return [_cells(row, columns, view, ""), *reason]


def _cells(
    row: RunnerRow, columns: dict[str, int], view: TableView, reason: str
) -> str:
    state = _state(row, view)
    texts = {
        "runner": row.name,
        "schedule": row.moments,
        "next": _due(row, view.now),
        "tickets": "" if row.tickets is None else str(row.tickets),
        "runs": str(row.runs),
        "failed": str(row.failures),
        "last run": f"{state}: {reason}" if reason else state,
    }
    cells = {
        name: padded(texts[name], size, right=name in _NUMBERS)
        for name, size in columns.items()
    }
    if row.failures and "failed" in cells:
        cells["failed"] = paint(cells["failed"], Ink.ERROR, view.color)
    return "  ".join(cells.values()).rstrip()


def _state(row: RunnerRow, view: TableView) -> str:
    if row.since is None:
        return "no run yet"
    passed = span((view.now - row.since).total_seconds())
    name = painted_state(row.state, color=view.color)
    return f"{name} for {passed}" if row.going else f"{name} {passed} ago"


def _due(row: RunnerRow, now: datetime) -> str:
    if row.ticking:
        return "ticking"
    if row.due is None:
        return ""
    seconds = (row.due - now).total_seconds()
    if row.starting and seconds <= 0:
        return "starting"
    if seconds < -_LATE_SECONDS:
        return f"{span(-seconds)} late"
    # As people count: a second that has begun is one.
    return f"in {span(seconds + 0.999)}" if seconds > 0 else "now"


def _interest(row: RunnerRow, now: datetime) -> tuple[int, float]:
    """The smaller, the more interesting."""
    ago = 0.0 if row.since is None else (now - row.since).total_seconds()
    if row.failed:
        return 0, ago
    if row.going and not row.ticking:
        return 1, ago
    if row.due is not None:
        return 2, (row.due - now).total_seconds()
    return (3, ago) if row.state else (4, 0.0)


def _rest(rows: Sequence[RunnerRow]) -> str:
    failed = sum(row.failed for row in rows)
    more = f"… and {len(rows)} more"
    return f"{more}, {failed} of them failed" if failed else more
