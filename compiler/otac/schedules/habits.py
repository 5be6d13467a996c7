"""What differs between releases of Prefect, and between Pythons, when clocks change."""

import sys
from enum import Enum
from typing import NamedTuple


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
