"""Time zones: which instant a wall clock means, and which times a clock skips."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otac import resources
from otac.extras import install


# What differs between releases of Prefect, and between Pythons, when clocks change.
class ClockGap(Enum):
    """Which instant a time is that clocks skip: `EARLY` for 02:15 is 01:15, `LATE` 03:15.

    `BY_DST` is `EARLY` where daylight saving time begins, and `LATE` elsewhere: in Dublin
    and Casablanca, whose clocks are put back for it. So does dateutil.
    """

    EARLY = "early"
    LATE = "late"
    BY_DST = "by daylight saving time"


class Habits(NamedTuple):
    """`cron_gap`: what cron does with a time that clocks skip.

    `looks_back`: whether one that is done late is known in the hour after the change.
    `counts_days`: whether intervals of days advance day by day from the anchor; else they
    are counted in hours, so that the clock hour depends on when Prefect looks.
    `second_pass`: whether days that are added lead to the second of two equal times, and
    the seconds of an interval of days and seconds are added on the wall clock, too.
    `once_a_clock`: whether an interval leaves out what clocks show for the second time.
    `keeps_offset`: whether a day that is added leads, at a change of clocks, to the time
    that has the offset of before.
    """

    cron_gap: ClockGap
    looks_back: bool
    counts_days: bool
    second_pass: bool
    once_a_clock: bool
    keeps_offset: bool


# Whose cron is the same on every Python, and whose intervals count days.
_REWRITTEN = (3, 9, 1)
# From there on Prefect uses `whenever` in place of `pendulum`.
_WHENEVER = (3, 13)


def habits(prefect: tuple[int, ...], python: tuple[int, int]) -> Habits:
    """Of a release on a Python."""
    is_new = prefect >= _REWRITTEN
    is_whenever = python >= _WHENEVER
    gap = ClockGap.LATE if is_new or is_whenever else ClockGap.EARLY
    return Habits(
        cron_gap=gap,
        looks_back=is_new,
        counts_days=is_new,
        second_pass=not is_whenever,
        once_a_clock=not is_whenever,
        keeps_offset=is_whenever and not is_new,
    )


def installed() -> Habits:
    """Of the Prefect beside this otac; of the newest one where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        numbers = version("prefect").split(".")[:3]
        release = tuple(int(one) if one.isdigit() else 0 for one in numbers)
    except PackageNotFoundError:
        release = _REWRITTEN
    return habits(release, sys.version_info[:2])


_STEP = timedelta(days=5)
_SHORTEST = timedelta(seconds=1)


class Untold(Exception):
    """Why instants cannot be told: the message says what is missing, or too much."""


class Patience:
    """How many instants are looked at one by one: of one schedule, and of all together.

    With `shared`, those of one count there as well.
    """

    __slots__ = ("_left", "_shared")

    def __init__(self, most: int = 1_500, shared: "Patience | None" = None) -> None:
        self._left = most
        self._shared = shared

    def counts(self, number: int, reason: str) -> None:
        """Raises `Untold` with the reason where it is at an end."""
        self._left -= number
        if self._left < 0:
            raise Untold(reason)
        if self._shared is not None:
            self._shared.counts(number, reason)


def zone_of(name: str | None) -> tzinfo:
    """The clock of a schedule. UTC needs no database. Raises `Untold`."""
    if name is None or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise Untold(
            f"this machine does not know the time zone `{name}`: {install('graph')}"
        ) from None


def instant(
    wall: datetime, zone: tzinfo, gap: ClockGap, *, second: bool = False
) -> datetime:
    """The instant, in UTC, when a clock shows `wall`.

    `second`: the second one of two. `gap`: what takes the place of a time that is skipped.
    """
    if zone is UTC:
        return wall.replace(tzinfo=UTC)
    first_offset = _offset(wall.replace(tzinfo=zone, fold=0))
    second_offset = _offset(wall.replace(tzinfo=zone, fold=1))
    offset = first_offset
    if first_offset > second_offset:
        offset = second_offset if second else first_offset
    elif first_offset < second_offset:
        is_early = gap is ClockGap.EARLY
        if gap is ClockGap.BY_DST:
            is_early = bool(wall.replace(tzinfo=zone, fold=1).dst())
        offset = second_offset if is_early else first_offset
    return (wall - offset).replace(tzinfo=UTC, fold=0)


def wall(moment: datetime, zone: tzinfo) -> datetime:
    """What a clock shows at an instant."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def changes(start: datetime, end: datetime, zone: tzinfo) -> bool:
    """Whether clocks are changed between two instants that are near each other."""
    return zone is not UTC and _offset_at(start, zone) != _offset_at(end, zone)


def just_skipped(moment: datetime, zone: tzinfo) -> timedelta:
    """How far clocks were put forward less than that time before an instant, or zero."""
    skipped = _offset_at(moment, zone) - _offset_at(moment - timedelta(days=1), zone)
    if skipped > timedelta(0) and (
        _offset_at(moment - skipped, zone) < _offset_at(moment, zone)
    ):
        return skipped
    return timedelta(0)


def gaps(
    zone: tzinfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The times that a clock skips between two instants: from, up to."""
    while start < end:
        later = start + _STEP
        before, after = _offset_at(start, zone), _offset_at(later, zone)
        if before != after:
            low, high = start, later
            while high - low > _SHORTEST:
                middle = low + (high - low) / 2
                if _offset_at(middle, zone) == before:
                    low = middle
                else:
                    high = middle
            change = high.replace(microsecond=0, tzinfo=None)
            if after > before:
                yield change + before, change + after
        start = later


def _offset_at(moment: datetime, zone: tzinfo) -> timedelta:
    return _offset(moment.astimezone(zone))


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None
    return offset


class SkippedTimes(NamedTuple):
    """Times that clocks skip once a year; minutes of the day, `weekday` 0 is a Sunday.

    In one year only where there is a `year`: some clocks follow the moon.
    """

    month: int
    first_day: int
    last_day: int
    weekday: int
    start: int
    end: int
    year: int = 0


def skipped(zone: str | None) -> tuple[SkippedTimes, ...]:
    """What the clocks of a zone skip, the same on every machine."""
    times, _ = _by_zone().get(zone or "UTC", ((), True))
    return times


def skipped_time_is_early(zone: str | None) -> bool:
    """Whether a rule's time that the clocks of this zone skip is early: see
    `ClockGap.BY_DST`. The same on every machine, as well."""
    _, is_early = _by_zone().get(zone or "UTC", ((), True))
    return is_early


@cache
def _by_zone() -> dict[str, tuple[tuple[SkippedTimes, ...], bool]]:
    path = resources.folder("schemas") / "daylight_saving.json"
    groups = json.loads(path.read_text(encoding="utf-8"))
    return {
        zone: (
            tuple(SkippedTimes(*one) for one in group["skipped"]),
            "late" not in group,
        )
        for group in groups
        for zone in group["zones"]
    }
