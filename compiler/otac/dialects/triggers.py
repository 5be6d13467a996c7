"""Triggers of older releases -> schedules."""

import re
from math import isnan
from typing import cast

from otac.config import duration
from otac.config.shape_findings import unknown_key
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.suggest import nearest
from otac.dialects.findings import Findings
from otac.dialects.names import is_interval_trigger, is_upstream
from otac.dialects.nodes import Entries, added, made, mapping
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

# Seconds; a shorter interval ticks inside of a run.
SHORTEST_SCHEDULED = 10
UNITS = {
    "milliseconds": 0.001,
    "seconds": 1.0,
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86400.0,
    "weeks": 604800.0,
}
# A time span as Python prints it: `0:01:30`.
_CLOCK = re.compile(r"(\d+):([0-5]?\d):([0-5]?\d(?:\.\d+)?)", re.ASCII)


def seconds_of(scalar: Scalar) -> float | None:
    """The seconds of a time span: a number, `PT5M`, `5m` or `0:05:00`."""
    value = scalar.value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    match = _CLOCK.fullmatch(value.strip())
    if match is not None:
        hours, minutes, seconds = map(float, match.groups())
        return hours * 3600 + minutes * 60 + seconds
    return duration.seconds(value)


def interval(seconds: float, key: Scalar, value: Node) -> Entries:
    """`interval_seconds`, at the place of what it was made of."""
    rounded = round(seconds, 6)
    number = int(rounded) if rounded.is_integer() else rounded
    shown = value.shown if isinstance(value, Scalar) else key.shown
    return added("interval_seconds", made(number, value, shown), key)


def is_resident(schedules: Entries) -> bool:
    """Whether the interval is too short for a run of its own each time."""
    found = schedules.get("interval_seconds")
    seconds = found.value.plain() if found is not None else None
    return isinstance(seconds, int | float) and seconds < SHORTEST_SCHEDULED


class Triggers:
    """Translates triggers; one may be named again by its id alone."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self._by_id: dict[str, Entries | None] = {}

    def schedules(self, node: Node | None) -> Entries:
        """The scheduling keys of a runner with these triggers."""
        schedules = [one for one in map(self._schedule, _listed(node)) if one]
        if len(schedules) < 2:
            return schedules[0] if schedules else {}
        assert node is not None
        items: list[Node] = [mapping(one, node) for one in schedules]
        listed = Sequence(items, node.start, node.end, node.via)
        return added("schedules", listed, node)

    def _schedule(self, trigger: Mapping) -> Entries | None:
        use, name = trigger.get("use"), trigger.get("id")
        if use is None:
            return self._again(trigger, cast("Scalar | None", name))
        found = self._translated(trigger, cast(Scalar, use))
        if isinstance(name, Scalar):
            self._by_id[name.text] = found
        return found

    def _translated(self, trigger: Mapping, use: Scalar) -> Entries | None:
        params = trigger.get("params")
        node = params if isinstance(params, Mapping) else mapping({}, trigger)
        if is_interval_trigger(use.text):
            return self._interval(node, use)
        self._found.report(_unknown(use, self._found))
        return None

    def _again(self, trigger: Mapping, name: Scalar | None) -> Entries | None:
        """`- id: timer`: the trigger that another runner has defined."""
        if name is not None and name.text in self._by_id:
            return self._by_id[name.text]
        place = trigger.span if name is None else name.span
        similar = None if name is None else nearest(name.text, self._by_id)
        self._found.report(
            error(
                "OTC214",
                "a trigger needs `use`"
                if name is None
                else f"trigger `{name.text}` is not defined",
                place,
                "no earlier runner has a trigger with this id and a `use`",
                help=f"did you mean `{similar}`?" if similar else "add `use:` to it",
                suggestion=similar,
            )
        )
        return None

    def _interval(self, node: Mapping, use: Scalar) -> Entries | None:
        total, first = 0.0, None
        for key, one in node.entries.items():
            if key not in UNITS and key != "interval":
                self._found.report(
                    unknown_key(one.key, ("interval", *UNITS), "an interval trigger")
                )
                return None
            seconds = _amount(key, one)
            if seconds is None or isnan(seconds):
                self._found.report(_no_duration(one))
                return None
            first = first or one
            total += seconds
        if first is not None and total > duration.LONGEST:
            self._found.report(_no_duration(first, "this is more than a hundred years"))
            return None
        if first is None or total <= 0:
            self._found.report(_no_interval(use if first is None else first.value))
            return None
        return interval(total, first.key, first.value)


def _listed(node: Node | None) -> list[Mapping]:
    if isinstance(node, Sequence):
        return [item for item in node.items if isinstance(item, Mapping)]
    return [node] if isinstance(node, Mapping) else []


def _amount(key: str, one: Entry) -> float | None:
    if not isinstance(one.value, Scalar):
        return None
    if key == "interval":
        return seconds_of(one.value)
    value = one.value.value
    if isinstance(value, str) and duration.seconds(value) is not None:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value * UNITS[key]


def _no_duration(
    one: Entry, why: str = "expected a number, or a duration such as `PT5M`"
) -> Diagnostic:
    return error(
        "OTC316",
        f"`{one.key.shown}` is not a duration",
        one.value.span,
        why,
    )


def _no_interval(at: Node) -> Diagnostic:
    units = ", ".join(f"`{unit}`" for unit in UNITS)
    return error(
        "OTC214",
        "a trigger needs an interval of more than 0",
        at.span,
        "it would never fire, or all the time",
        help=f"write `interval: PT5M`, or one of {units}",
    )


def _unknown(use: Scalar, found: Findings) -> Diagnostic:
    name = re.split("[:.]", use.text)[-1]
    similar = nearest(name, ("IntervalTrigger",)) if is_upstream(use.text) else None
    meant = None if similar is None else use.text.removesuffix(name) + similar
    if meant is not None:
        return error(
            "OTC214",
            f"trigger `{use.text}` is not known",
            use.span,
            "no release had a trigger of this name",
            help=f"did you mean `{meant}`?",
            suggestion=meant,
        )
    return Diagnostic(
        "OTC214",
        found.unresolved,
        f"trigger `{use.text}` is not known",
        use.span,
        "only intervals are triggers here",
        help="write `use: base:IntervalTrigger`, or today's form with `cron`",
    )
