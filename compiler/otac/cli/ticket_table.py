"""What a run has done to tickets, or would do, as a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from otac.cli.live.cells import cut, width
from otac.cli.table import table
from otac.diagnostics.frame import visible

_COLUMNS = ("ticket", "subject", "what", "from", "to", "note")
# How narrow a column may become before another one is left out.
_LEAST = {"subject": 10, "from": 8, "to": 8, "note": 10}
_LEFT_OUT = ("note", "subject", "from")
_GAP = 2
_MOST_ROWS = 100


def ticket_table(lines: Sequence[Mapping[str, Any]], room: int | None) -> Iterator[str]:
    """The lines of `ticket_change.told`, those of a ticket together.

    All of them and in full, unless there is a terminal with `room` for so many cells.
    """
    by_ticket: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        by_ticket.setdefault(line["ticket"], []).append(line)
    ordered = [one for changes in by_ticket.values() for one in changes]
    shown = ordered if room is None else ordered[:_MOST_ROWS]
    rows = [{name: _cell(line, name) for name in _COLUMNS} for line in shown]
    for above, line, row in zip(shown, shown[1:], rows[1:], strict=False):
        if above["ticket"] == line["ticket"]:
            row |= {"ticket": "", "subject": ""}
    widest = {
        name: max((width(row[name]) for row in rows), default=0) for name in _COLUMNS
    }
    wide = {name: max(len(name), cells) for name, cells in widest.items()}
    if room is not None:
        wide = _fitted(wide, room)
    cells = [tuple(cut(row[name], wide[name]) for name in wide) for row in rows]
    for shown_row in table(tuple(wide), cells, str, numbers=False):
        yield shown_row if room is None else cut(shown_row, room)
    if len(shown) < len(lines):
        yield f"  … and {len(lines) - len(shown)} more; `--format json` lists all"


def _cell(line: Mapping[str, Any], name: str) -> str:
    value = line[name]
    if name == "note" and value is not None:
        value = value["subject"] or value["body"].partition("\n")[0]
    return visible(" ".join(str(value or "").split()))


def _fitted(natural: Mapping[str, int], room: int) -> dict[str, int]:
    """The widths of the columns that there is room for."""
    wide = dict(natural)
    for left_out in (None, *_LEFT_OUT):
        if left_out is not None:
            wide = {name: natural[name] for name in wide if name != left_out}
        while (over := sum(wide.values()) + _GAP * len(wide) - room) > 0:
            spare = {
                name: wide[name] - least
                for name, least in _LEAST.items()
                if wide.get(name, 0) > least
            }
            if not spare:
                break
            widest = max(spare, key=lambda name: wide[name])
            wide[widest] -= min(over, spare[widest], 1)
        if over <= 0:
            break
    return wide
