"""Instants of an iCalendar recurrence rule, by dateutil, as Prefect reads them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from otac.lower.project import RRule

# Prefect's, for rules that name no start.
_START = datetime(2020, 1, 1)


def rrule_times(
    when: RRule, start: datetime, zone: ZoneInfo | None
) -> Iterator[datetime]:
    """Ascending on the wall clock of the schedule's zone.

    Dates in the rule are read on that clock too, whatever zone they name: so does
    Prefect.
    """
    clock = zone or UTC
    rule: Any = rrulestr(when.rule, dtstart=_START)
    if isinstance(rule, rruleset):
        plain: Any = rule
        plain._rrule = [_plain(one) for one in plain._rrule]
        plain._exrule = [_plain(one) for one in plain._exrule]
        plain._rdate = [one.replace(tzinfo=None) for one in plain._rdate]
        plain._exdate = [one.replace(tzinfo=None) for one in plain._exdate]
    else:
        plain = _plain(rule)
    here = start.astimezone(clock).replace(tzinfo=None)
    for found in plain.xafter(here, inc=True):
        yield found.replace(tzinfo=clock)


def _plain(rule: Any) -> Any:
    until = rule._until and rule._until.replace(tzinfo=None)
    return rule.replace(dtstart=rule._dtstart.replace(tzinfo=None), until=until)
