"""Recurrence rules of iCalendar (RFC 5545, section 3.3.10), as Prefect takes them.

The words for what is wrong are otac's own; whether it is wrong, dateutil decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import gcd

from otac.schedules import timezones
from otac.schedules.clocks import Untold

_FREQUENCIES = (
    "YEARLY",
    "MONTHLY",
    "WEEKLY",
    "DAILY",
    "HOURLY",
    "MINUTELY",
    "SECONDLY",
)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"(?:[+-]?(?!0+[A-Z])\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_START = re.compile(
    r"DTSTART(?P<zone>;TZID=(?P<name>[^:;]+)|;VALUE=DATE(?:-TIME)?)*:(?P<date>[^:]*)",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"(?:RDATE(?:;VALUE=DATE-TIME)?|EXDATE(?:;VALUE=DATE(?:-TIME)?|;TZID=[^:;]+)*)"
    r":(?P<dates>.*)",
    re.IGNORECASE,
)
_TOLD_ZONE = re.compile(
    r"(?:DTSTART|EXDATE)[^:\n]*;TZID=(?P<zone>[^:;\n]+)|(?:DTSTART|[RX]DATE)[^:\n]*:[^\n]*\dZ",
    re.IGNORECASE,
)
# No clock is asked. This otac was made in that year, so it is not in the future.
NOW = datetime(2026, 1, 1)
# A second's work for dateutil.
_MOST_COUNTED = 1_000_000
_DATE_FORMATS = {8: "%Y%m%d", 15: "%Y%m%dT%H%M%S", 16: "%Y%m%dT%H%M%SZ"}

# The numbers that a part may list.
_RANGES = {
    "BYSECOND": (0, 59),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
    "BYEASTER": (-366, 366),
}
# Where negative numbers count backwards from the end, there is no zero.
_WITHOUT_ZERO = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
# `dateutil` takes only the multiples of the interval: which part, and how many there are.
_CYCLES = {
    "HOURLY": ("BYHOUR", 24),
    "MINUTELY": ("BYMINUTE", 60),
    "SECONDLY": ("BYSECOND", 60),
}
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYWEEKDAY", *_RANGES)


@dataclass(frozen=True, slots=True)
class _Start:
    """What a `DTSTART` line says: its date, and whether it names a time zone."""

    date: datetime
    is_aware: bool


def problem(text: str) -> str | None:
    """What is wrong with a recurrence rule, in words, or None.

    A rule may stand alone, behind `RRULE:`, or on a line of its own behind `DTSTART`.
    """
    if "\\n" in text:
        return "`\\n` is not a line break here; write the rule in double quotes or after `|`"
    rules = dates_alone = 0
    start: _Start | None = None
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        if line.upper().startswith("DTSTART"):
            found = _start(line)
            if isinstance(found, str):
                return found
            start = found
            continue
        if line.upper().startswith(("EXDATE", "RDATE")):
            dates = _DATES.fullmatch(line)
            if dates is None or not all(map(_date, dates["dates"].split(","))):
                name, _, more = line.partition(":")[0].upper().partition(";")
                if dates is None and more:
                    return f"`{name}` does not take `{more}`"
                return f"`{name}` lists dates such as `20261224T000000`"
            dates_alone += line.upper().startswith("RDATE")
            continue
        name, colon, rule = line.partition(":")
        if colon and name.upper() not in ("RRULE", "EXRULE"):
            return f"`{name}` is not known here; a rule starts with `FREQ=` or `RRULE:`"
        rules += name.upper() != "EXRULE"
        reason = _rule_problem(rule if colon else line, start)
        if reason is not None:
            return reason
    if not rules and not dates_alone:
        return "there is no `FREQ=...` in it"
    return _refusal(text) or _never(text)


def _refusal(text: str) -> str | None:
    """What dateutil does not like about a rule that looks right, as Prefect reads it."""
    from dateutil.rrule import rrulestr

    from otac.schedules.recurrence_search import parsed

    try:
        # Prefect reads it twice: without a start, and with one.
        rrulestr(text)
        parsed(text)
    except (ValueError, TypeError, OverflowError) as refused:
        return f"Prefect refuses it: {refused}"
    return None


def _never(text: str) -> str | None:
    from otac.schedules.recurrence_search import times

    try:
        if next(times(text, datetime(1970, 1, 1)), None) is not None:
            return None
    except Untold:
        return None
    except IndexError:
        return "Prefect fails to look for its days"
    return "it never fires: no moment fits all of its parts"


def is_over(text: str) -> bool:
    """Whether a sound rule has had its last run before this otac was made."""
    from otac.schedules.recurrence_search import times

    try:
        return next(times(text, NOW), None) is None
    except Untold:
        return False


@dataclass(frozen=True, slots=True)
class Oddity:
    """What Prefect does otherwise than a rule seems to say, why, and what to write."""

    message: str
    reason: str
    help: str


def oddities(text: str, timezone: str | None) -> Iterator[Oddity]:
    """Of a sound rule."""
    told = _TOLD_ZONE.search(text)
    named = timezone or "UTC"
    if told is not None:
        named = told["zone"] or "UTC"
    if named != (timezone or "UTC"):
        yield Oddity(
            f"Prefect reads the dates of the rule in `{timezone or 'UTC'}`",
            f"it does not look at `{named}`, which the rule names",
            f"add `timezone: {named}`, and leave the zone out of the rule",
        )
    yield from _numbers_that_count_nothing(text)
    counted = _counted(text)
    if counted > _MOST_COUNTED:
        plain = _EVERY.fullmatch(text.strip())
        each = 0 if plain is None else int(plain["interval"] or 1)
        each *= 60 if plain is not None and plain["unit"].upper() == "MINUTELY" else 1
        yield Oddity(
            f"Prefect counts {counted / 1e6:.0f} million runs of the rule each time",
            "before 3.7 it counts from the start of the rule, which is 2020 if it has none",
            f"write `interval_seconds: {each}`"
            if each
            else "add a `DTSTART` of this year, such as `DTSTART:20260101T000000`",
        )


def _numbers_that_count_nothing(text: str) -> Iterator[Oddity]:
    """`1MO` is the first Monday of a month or of a year, and of nothing smaller."""
    for rule in text.upper().splitlines():
        given = (part.partition("=") for part in _content(rule).split(";"))
        parts: dict[str, str] = {name: value for name, _, value in given}
        if parts.get("FREQ") in ("YEARLY", "MONTHLY"):
            continue
        for day in (parts.get("BYDAY") or parts.get("BYWEEKDAY") or "").split(","):
            if day and day not in _DAYS:
                yield Oddity(
                    f"Prefect takes every `{day[-2:]}` for `{day}`",
                    f"with `FREQ={parts.get('FREQ')}` it does not look at the number",
                    f"write `FREQ=MONTHLY;BYDAY={day}`",
                )
                return


def _content(line: str) -> str:
    """A rule without the name of its line."""
    name, colon, rest = line.partition(":")
    return rest if colon and name in ("RRULE", "EXRULE") else line


_EVERY = re.compile(
    r"(?:RRULE:)?FREQ=(?P<unit>SECONDLY|MINUTELY)(?:;INTERVAL=(?P<interval>\d+))?",
    re.IGNORECASE,
)
_UNITS = {"MINUTELY": 60, "SECONDLY": 1}


def _counted(text: str) -> float:
    """About how many runs there are from the start of a rule to the present."""
    if "COUNT" in text.upper():
        return 0
    seconds = [
        _UNITS[unit.upper()]
        for unit in re.findall(r"FREQ=(MINUTELY|SECONDLY)", text, re.IGNORECASE)
    ]
    found = re.search(r"INTERVAL=(\d+)", text, re.IGNORECASE)
    started = re.search(r"DTSTART[^:\n]*:(\d{8})", text, re.IGNORECASE)
    begin = datetime.strptime(started[1], "%Y%m%d") if started else datetime(2020, 1, 1)
    if not seconds or begin >= NOW:
        return 0
    step = min(seconds) * (int(found[1]) if found else 1)
    return (NOW - begin).total_seconds() / step


def a_day(text: str) -> float:
    """How often on a day on which it fires, for rules of minutes and seconds; else 0."""
    found = _EVERY.fullmatch(text.strip())
    if found is None:
        return 0.0
    return 86_400 / (_UNITS[found["unit"].upper()] * int(found["interval"] or 1))


def _start(line: str) -> _Start | str:
    match = _START.fullmatch(line)
    date = None if match is None else _date(match["date"])
    if match is None or date is None:
        return "`DTSTART` is not a date such as `20260101T080000`"
    zone = match["name"]
    if zone is not None and zone not in timezones():
        return f"time zone `{zone}` of `DTSTART` is not known"
    return _Start(date, zone is not None or match["date"].upper().endswith("Z"))


def _date(text: str) -> datetime | None:
    form = _DATE_FORMATS.get(len(text))
    if form is None or not text.isascii():
        return None
    try:
        return datetime.strptime(text.upper(), form)
    except ValueError:
        return None


def _rule_problem(rule: str, start: _Start | None) -> str | None:
    seen: dict[str, str] = {}
    for part in rule.split(";"):
        if not part.strip():
            return "there is nothing before or after one of the `;`"
        name, equals, value = part.partition("=")
        name, value = name.strip().upper(), value.strip().upper()
        if not equals or not value:
            return f"`{part}` is not of the form `NAME=value`"
        if name not in _PARTS:
            return f"`{name}` is not a part of a rule; known are {', '.join(_PARTS)}"
        if name in seen:
            return f"`{name}` is given twice"
        reason = _value_problem(name, value)
        if reason is not None:
            return reason
        seen[name] = value
    if rule.split() != [rule]:
        return "there are no blanks inside a rule"
    if "FREQ" not in seen:
        return "`FREQ` is missing"
    if "COUNT" in seen and "UNTIL" in seen:
        return "`COUNT` and `UNTIL` do not go together"
    return _start_problem(seen, start) or _cycle_problem(seen, start)


def _start_problem(seen: dict[str, str], start: _Start | None) -> str | None:
    """What an end needs of the start. Prefect starts in 2020 where there is none."""
    if start is None and "COUNT" in seen:
        return "`COUNT` needs a `DTSTART` to count from"
    until = seen.get("UNTIL", "")
    if until.endswith("Z") and (start is None or not start.is_aware):
        return f"`UNTIL` stands in the schedule's time zone: write `{until[:-1]}`"
    if until and start is not None and start.is_aware and not until.endswith("Z"):
        return "`UNTIL` ends in `Z`, as `DTSTART` has a time zone"
    return None


def _cycle_problem(seen: dict[str, str], start: _Start | None) -> str | None:
    name, size = _CYCLES.get(seen["FREQ"], ("", 0))
    if name not in seen:
        return None
    step = gcd(int(seen.get("INTERVAL", "1")), size)
    first = 0
    if start is not None:
        date = start.date
        first = {"BYHOUR": date.hour, "BYMINUTE": date.minute}.get(name, date.second)
    if any((int(number) - first) % step == 0 for number in seen[name].split(",")):
        return None
    return f"`INTERVAL` leaps over every number of `{name}`"


def _value_problem(name: str, value: str) -> str | None:
    match name:
        case "FREQ":
            if value not in _FREQUENCIES:
                return (
                    f"`FREQ` cannot be `{value}`; known are {', '.join(_FREQUENCIES)}"
                )
        case "INTERVAL" | "COUNT":
            if not _INTEGER.fullmatch(value) or int(value) < 1:
                return f"`{name}` is a number from 1"
        case "UNTIL":
            if _date(value) is None:
                return "`UNTIL` is a date such as `20271231T000000`"
        case "WKST":
            if value not in _DAYS:
                return f"`WKST` is one of {', '.join(_DAYS)}"
        case "BYDAY" | "BYWEEKDAY":
            if not all(_WEEKDAY.fullmatch(day) for day in value.split(",")):
                return f"`{name}` lists days such as `MO` or `-1FR`"
        case _:
            least, most = _RANGES[name]
            for number in value.split(","):
                if not _INTEGER.fullmatch(number) or not least <= int(number) <= most:
                    return f"`{name}` lists numbers from {least} to {most}"
                if int(number) == 0 and name in _WITHOUT_ZERO:
                    return f"`{name}` has no 0: 1 is the first, -1 the last"
    return None
