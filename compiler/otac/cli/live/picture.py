"""The board as the lines of a screen."""

from dataclasses import replace
from datetime import datetime

from otac.cli.live.board import Board, BoardEvent, Trouble
from otac.cli.live.cells import cut, folded, width
from otac.cli.live.table import TableView, table
from otac.diagnostics.frame import Ink, paint

_MOST_EVENTS = 6
_LEAST_EVENTS = 2
# Below this, empty lines and the last line are given up.
_LOW = 12


def picture(board: Board, view: TableView) -> list[str]:
    """At most `height` lines, none wider than `width`: where Prefect is, the runners, what
    is wrong, what happened last, and where the log is.

    What is wrong gets half of the room, or more where the runners leave it.
    """
    head, foot = _head(board, view), _foot(board, view)
    whole = board.trouble.whole if board.trouble else ""
    roomy = view.height >= _LOW
    if roomy:
        head.append("")
    else:
        foot = []
    trouble = _trouble(board.trouble, view)
    room = view.height - len(head) - len(foot) - roomy
    if trouble:
        room -= roomy
        least = min(len(board.events), _LEAST_EVENTS)
        most = max(room // 2, room - len(board.rows) - 1 - least)
        trouble = _clipped(trouble, most, whole, view)
        room -= len(trouble)
    events = min(len(board.events), _MOST_EVENTS)
    events = min(events, max(room - len(board.rows) - 1, min(_LEAST_EVENTS, room // 4)))
    events = max(events, 0)
    room -= events
    lines = [*head, *table(board.rows, replace(view, height=room))]
    if trouble:
        lines += [""] * roomy + trouble
    if events:
        lines += [""] * roomy
        lines += (_event(event, view) for event in board.events[-events:])
    lines = lines[: max(view.height - len(foot), 0)]
    lines += [""] * (view.height - len(foot) - len(lines)) if foot else []
    return [*lines, *foot][: view.height]


def _head(board: Board, view: TableView) -> list[str]:
    place = f"Prefect is at {board.url}" if board.url else "Prefect is starting ..."
    runners = len(board.rows)
    failed = sum(row.failed for row in board.rows)
    facts = [board.source, f"{runners} runner{'s' * (runners != 1)}"]
    if failed:
        facts.append(f"{failed} failed")
    said = ", ".join(facts)
    spaces = view.width - width(place) - width(said)
    if spaces >= 2:
        return [paint(place, Ink.MESSAGE, view.color) + " " * spaces + said]
    return [paint(cut(place, view.width), Ink.MESSAGE, view.color)]


def _foot(board: Board, view: TableView) -> list[str]:
    ends = "Ctrl-C ends all of it."
    log = f"Prefect's log: {board.log}"
    spaces = view.width - width(log) - width(ends)
    if spaces >= 2:
        return [ends + " " * spaces + log]
    return [cut(f"Log: {board.log}", view.width)]


def _trouble(trouble: Trouble | None, view: TableView) -> list[str]:
    if trouble is None:
        return []
    title = paint(cut(trouble.title, view.width), Ink.ERROR, view.color)
    lines = [title]
    for line in trouble.lines:
        lines += folded(line, view.width, indent=4)
    return lines


def _clipped(lines: list[str], most: int, whole: str, view: TableView) -> list[str]:
    if len(lines) <= most:
        return lines
    kept = max(most - 1, 1)
    more = f"… {len(lines) - kept} more lines{f'; {whole}' if whole else ''}"
    return [*lines[:kept], cut(more, view.width)][: max(most, 1)]


def _event(event: BoardEvent, view: TableView) -> str:
    clock = _clock(event.at)
    text = paint(event.text, Ink.ERROR if event.is_bad else Ink.PLAIN, view.color)
    again = f" ({event.times} times)" if event.times > 1 else ""
    line = f"{clock}  {cut(text, view.width - width(clock) - 2 - len(again))}{again}"
    return cut(line, view.width)


def _clock(at: datetime) -> str:
    """The time of the day where the user is."""
    return at.astimezone().strftime("%H:%M:%S")
