"""Recurrence rules of iCalendar (RFC 5545, section 3.3.10)."""

import re

_FREQUENCIES = (
    "YEARLY",
    "MONTHLY",
    "WEEKLY",
    "DAILY",
    "HOURLY",
    "MINUTELY",
    "SECONDLY",
)
_WEEKDAY = re.compile(r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"\d{8}(?:T\d{6}Z?)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_START = re.compile(
    r"DTSTART(?:;TZID=[^:;]+|;VALUE=DATE(?:-TIME)?)*:\d{8}(?:T\d{6}Z?)?"
)

# The numbers that a part may list; zero is refused where negative ones count backwards.
_RANGES = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
    "BYEASTER": (-366, 366),
}
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYWEEKDAY", *_RANGES)


def problem(text: str) -> str | None:
    """What is wrong with a recurrence rule, in words, or None.

    A rule may stand alone, behind `RRULE:`, or on a line of its own behind `DTSTART`.
    """
    rules = 0
    for line in text.replace("\\n", "\n").split("\n"):
        line = line.strip()
        if not line or line.startswith(("EXDATE", "RDATE")):
            continue
        if line.upper().startswith("DTSTART"):
            if not _START.fullmatch(line.upper()):
                return "`DTSTART` is no date such as `20260101T080000`"
            continue
        rules += 1
        name, colon, rule = line.partition(":")
        if colon and name.upper() not in ("RRULE", "EXRULE"):
            return f"`{name}` is not known here; a rule starts with `FREQ=` or `RRULE:`"
        reason = _rule_problem(rule if colon else line)
        if reason is not None:
            return reason
    return None if rules else "there is no `FREQ=...` in it"


def _rule_problem(rule: str) -> str | None:
    seen: dict[str, str] = {}
    for part in rule.rstrip(";").split(";"):
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
    if "FREQ" not in seen:
        return "`FREQ` is missing"
    if "COUNT" in seen and "UNTIL" in seen:
        return "`COUNT` and `UNTIL` do not go together"
    return None


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
            if not _UNTIL.fullmatch(value):
                return "`UNTIL` is a date such as `20271231T000000Z`"
        case "WKST" | "BYDAY" | "BYWEEKDAY":
            if not all(_WEEKDAY.fullmatch(day) for day in value.split(",")):
                return f"`{name}` lists days such as `MO` or `-1FR`"
        case _:
            least, most = _RANGES[name]
            for number in value.split(","):
                if not _INTEGER.fullmatch(number) or not least <= int(number) <= most:
                    return f"`{name}` lists numbers from {least} to {most}"
    return None
