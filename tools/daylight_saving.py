"""Writes `schemas/daylight_saving.json`: what times clocks skip, for each time zone, and
where they go forward to standard time (`"late"`), as in Dublin.

    python tools/daylight_saving.py

Kept with otac, as the names of the zones are: the machine's own database differs from
machine to machine, and a configuration must be judged the same everywhere.
"""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_SCHEMAS = Path(__file__).parents[1] / "schemas"
_YEARS = range(2026, 2036)
_RULES = 2
_LATE = '"late": true, '


def skipped(zone: ZoneInfo) -> list[list[int]]:
    """The times that the clocks of a zone leave out, over ten years.

    `[month, first day, last day, weekday (0: Sunday), from, to]`, in minutes of the day.
    More than two of them are no rule: clocks that follow the moon, as Morocco's do. Then
    each is of one year, which stands behind it.
    What clocks show twice is no surprise: Prefect takes the first time.
    """
    found: dict[tuple[int, int, int, int], list[date]] = defaultdict(list)
    moment = datetime(_YEARS[0], 1, 1, tzinfo=UTC)
    while moment.year in _YEARS:
        later = moment + timedelta(days=1)
        if _offset(moment, zone) < _offset(later, zone):
            at = _change(moment, later, zone)
            before = _offset(at - timedelta(minutes=1), zone)
            local, length = at + before, _offset(at, zone) - before
            start = local.hour * 60 + local.minute
            end = start + round(length.total_seconds() / 60)
            weekday = (local.weekday() + 1) % 7
            found[local.month, weekday, start, end].append(local.date())
        moment = later
    rows = sorted(found.items())
    if len(rows) > _RULES:
        return [
            [day.month, day.day, day.day, weekday, start, end, day.year]
            for day, weekday, start, end in sorted(
                (day, *kind[1:]) for kind, days in rows for day in days
            )
        ]
    return [
        [kind[0], min(d.day for d in days), max(d.day for d in days), *kind[1:]]
        for kind, days in rows
    ]


def is_late(zone: ZoneInfo) -> bool:
    """Whether clocks go forward to standard time, so that a time of a recurrence rule that
    they skip is late: daylight saving time is behind it there."""
    moment = datetime(_YEARS[0], 1, 1, tzinfo=UTC)
    while moment.year in _YEARS:
        later = moment + timedelta(days=1)
        if _offset(moment, zone) < _offset(later, zone):
            return not later.astimezone(zone).dst()
        moment = later
    return False


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first minute with the new offset."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = middle.replace(second=0, microsecond=0)
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def render() -> str:
    """The text of the file: zones that change alike stand together."""
    alike: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for name in sorted((_SCHEMAS / "timezones.txt").read_text("ascii").split()):
        zone = ZoneInfo(name)
        kinds = skipped(zone)
        if kinds:
            alike[json.dumps(kinds), is_late(zone)].append(name)
    lines = [
        f'  {{"skipped": {kinds}, {_LATE if late else ""}"zones": {json.dumps(names)}}}'
        for (kinds, late), names in sorted(alike.items(), key=lambda pair: pair[1])
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    path = _SCHEMAS / "daylight_saving.json"
    path.write_text(render(), encoding="utf-8", newline="\n")
