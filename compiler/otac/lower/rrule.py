"""Recurrence rules of iCalendar (RFC 5545, section 3.3.10)."""

import re
from dataclasses import dataclass
from datetime import datetime
from math import gcd

from otac.lower.timezones import timezones

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
    r"(?P<name>RDATE|EXDATE)(?:;VALUE=DATE-TIME|;TZID=[^:;]+)*:(?P<dates>.*)",
    re.IGNORECASE,
)
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
        return (
            "`\\n` is no line break here; write the rule in double quotes or after `|`"
        )
    rules = 0
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
                name = line.partition(":")[0].partition(";")[0].upper()
                return f"`{name}` lists dates such as `20261224T000000`"
            continue
        name, colon, rule = line.partition(":")
        if colon and name.upper() not in ("RRULE", "EXRULE"):
            return f"`{name}` is not known here; a rule starts with `FREQ=` or `RRULE:`"
        rules += name.upper() != "EXRULE"
        reason = _rule_problem(rule if colon else line, start)
        if reason is not None:
            return reason
    return None if rules else "there is no `FREQ=...` in it"


def _start(line: str) -> _Start | str:
    match = _START.fullmatch(line)
    date = None if match is None else _date(match["date"])
    if match is None or date is None:
        return "`DTSTART` is no date such as `20260101T080000`"
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
            return f"`{name}` is no part of a rule; known are {', '.join(_PARTS)}"
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
