"""Recurrence rules that are correct and lead to no run."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.lower.project import Project, RRule

# No clock is asked. This otac was made in that year, so it is not in the future.
_MADE_IN = 2026
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_PART = re.compile(r"(?:^|[;:\n])([A-Z]+)=([^;\n]*)", re.IGNORECASE)
_START = re.compile(r"DTSTART[^:\n]*:(\d{8}T?\d*)", re.IGNORECASE)


def check_never_fires(project: Project) -> Iterator[Diagnostic]:
    """Warn of schedules that have ended, or name days that there are not."""
    for runner in project.runners:
        for schedule in runner.schedules:
            when = schedule.when
            if isinstance(when, RRule) and (reason := _reason(when.rule)):
                yield warning(
                    "OTC390",
                    f"a schedule of runner `{runner.id}` never starts a run",
                    schedule.origin or runner.origin,
                    reason,
                    help="correct the rule, or remove the schedule",
                )


def _reason(rule: str) -> str | None:
    # Several rules, or dates beside a rule, add up to what is hard to tell.
    if len(re.findall(r"FREQ=", rule, re.IGNORECASE)) > 1 or "RDATE" in rule.upper():
        return None
    parts = {name.upper(): text.strip().upper() for name, text in _PART.findall(rule)}
    until = parts.get("UNTIL", "")
    start = _START.search(rule)
    if until and start is not None and _time(until) < _time(start[1]):
        return "it ends before it begins"
    if until and int(until[:4]) < _MADE_IN:
        return f"it ended in {until[:4]}"
    days, months = _numbers(parts, "BYMONTHDAY"), _numbers(parts, "BYMONTH")
    if days and months and min(days) > 0:
        longest = max(_LONGEST.get(month, 31) for month in months)
        if min(days) > longest:
            return f"no month of the rule has a day {min(days)}"
    return None


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(number) for number in parts.get(name, "").split(",") if number]


def _time(text: str) -> str:
    """Comparable: a date alone is its first moment."""
    return text.upper().replace("T", "").removesuffix("Z").ljust(14, "0")
