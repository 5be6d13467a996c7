"""What became of decisions: which of them agents have corrected, and to what.

A ticket that otac moved counts as right as long as nobody has moved it again. What another
runner of otac made of it afterwards is no correction, and where a ticket went because nothing
was certain is no decision.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from otac.learning.measures import (
    AtThreshold,
    Judged,
    by_threshold,
    calibration_error,
    count,
    lowest_threshold,
)

WHAT = ("queue", "priority")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about the `what` of a ticket beside what the ticket has now.

    `target` is where otac put it, `now` what agents made of that; ids where no name is
    known. `confidence` is None where it is not known.
    """

    ticket: str
    what: str
    at: datetime
    target: str
    now: str
    label: str | None
    confidence: float | None
    by: str | None
    is_open: bool

    @property
    def is_right(self) -> bool:
        return self.target == self.now


@dataclass(frozen=True, slots=True)
class Week:
    """Decisions of the seven days from `monday` on."""

    monday: date
    decided: int
    corrected: int


@dataclass(frozen=True, slots=True)
class ReviewFindings:
    """Everything about queues, or about priorities.

    `left` counts tickets about which nothing was certain, `open` those of the decided that
    agents may still correct. `corrections` counts `(from, to)`, `by` `(decided, corrected)`
    by what decided.
    """

    judgements: tuple[Judgement, ...]
    left: int

    @property
    def decided(self) -> int:
        return len(self.judgements)

    @property
    def corrected(self) -> int:
        return sum(not one.is_right for one in self.judgements)

    @property
    def open(self) -> int:
        return sum(one.is_open for one in self.judgements)

    @property
    def precision(self) -> float | None:
        """The part that nobody corrected; None if nothing was decided."""
        return count(self.judged()).precision

    @property
    def calibration_error(self) -> float | None:
        return calibration_error(self.judged())

    def judged(self) -> tuple[Judged, ...]:
        """The same as measures want it."""
        return tuple(
            Judged(one.confidence, one.target, one.now) for one in self.judgements
        )

    def thresholds(self) -> tuple[AtThreshold, ...]:
        """What a higher threshold would have left."""
        return by_threshold(self.judged())

    def lowest(self, precision: float) -> AtThreshold | None:
        """The lowest threshold at which that part was right."""
        known = [one for one in self.judged() if one.confidence is not None]
        return lowest_threshold(known, precision)

    def weeks(self) -> tuple[Week, ...]:
        """The oldest first; weeks without decisions are left out."""
        decided: Counter[date] = Counter()
        corrected: Counter[date] = Counter()
        for one in self.judgements:
            day = one.at.date()
            monday = day - timedelta(days=day.weekday())
            decided[monday] += 1
            corrected[monday] += not one.is_right
        return tuple(
            Week(each, decided[each], corrected[each]) for each in sorted(decided)
        )

    def corrections(self) -> tuple[tuple[str, str, int], ...]:
        """From what to what, the most frequent first."""
        pairs = Counter(
            (one.target, one.now) for one in self.judgements if not one.is_right
        )
        return tuple(
            (before, after, times)
            for (before, after), times in sorted(
                pairs.items(), key=lambda item: (-item[1], item[0])
            )
        )

    def by(self) -> Mapping[str, tuple[int, int]]:
        """By what decided."""
        decided: Counter[str] = Counter()
        corrected: Counter[str] = Counter()
        for one in self.judgements:
            name = one.by or "unknown"
            decided[name] += 1
            corrected[name] += not one.is_right
        return {name: (decided[name], corrected[name]) for name in sorted(decided)}


def find(tickets: Iterable[Mapping[str, Any]]) -> dict[str, ReviewFindings]:
    """`queue` and `priority`, from tickets as the process tells them."""
    judgements: dict[str, list[Judgement]] = {what: [] for what in WHAT}
    left: Counter[str] = Counter()
    for ticket in tickets:
        for what in WHAT:
            judgements[what] += _judge(ticket, what)
            left[what] += _is_left(ticket, what)
    return {
        what: ReviewFindings(tuple(sorted(found, key=lambda one: one.at)), left[what])
        for what, found in judgements.items()
    }


def _choices(
    ticket: Mapping[str, Any], what: str
) -> list[tuple[datetime, Mapping[str, Any]]]:
    found = [
        (datetime.fromisoformat(one["at"]), one[what])
        for one in ticket["decisions"]
        if one[what] is not None
    ]
    return sorted(found, key=lambda one: one[0])


def _is_left(ticket: Mapping[str, Any], what: str) -> bool:
    """Whether the last decision was that nothing is certain."""
    choices = _choices(ticket, what)
    return bool(choices) and not choices[-1][1]["sure"]


def _is_change(choice: Mapping[str, Any]) -> bool:
    named = choice["to"] is not None and choice["to"] != choice["from"]
    return named or choice["to_id"] is not None


def _judge(ticket: Mapping[str, Any], what: str) -> Iterator[Judgement]:
    choices = [each for each in _choices(ticket, what) if _is_change(each[1])]
    for place, (at, choice) in enumerate(choices):
        if not choice["sure"] or (
            choice["label"] is None and choice["confidence"] is None
        ):
            # An escalation, or the queue for what nobody can tell.
            continue
        target = choice["to"] or choice["to_id"]
        rest: Sequence[tuple[datetime, Mapping[str, Any]]] = choices[place + 1 :]
        now = _now(ticket[what], choice) if not rest else _next(rest[0][1], choice)
        yield Judgement(
            ticket=ticket["id"],
            what=what,
            at=at,
            target=target,
            now=now or target,
            label=choice["label"],
            confidence=choice["confidence"],
            by=choice["by"],
            is_open=ticket["is_open"] and not rest,
        )


def _now(has: Mapping[str, Any], choice: Mapping[str, Any]) -> str | None:
    """What the ticket has, in the words of the decision where it is the same."""
    if choice["to_id"] is not None and has["id"] == choice["to_id"]:
        return None
    name = has["name"] or has["id"]
    return None if name is None else str(name)


def _next(later: Mapping[str, Any], choice: Mapping[str, Any]) -> str | None:
    """What the ticket had when otac decided again; by name alone where that was noted."""
    if choice["to"] is None or later["from"] is None:
        return None
    return str(later["from"])
