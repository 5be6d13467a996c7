"""Decisions beside what was right, as one value that reports are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from otac.learning.measures import (
    AtThreshold,
    Bin,
    Count,
    Judged,
    LabelCount,
    best_threshold,
    by_label,
    by_threshold,
    calibration_error,
    confusion,
    count,
    lowest_threshold,
    reliability,
)

_DIGITS = 4
# A threshold that decides on fewer is an accident.
_LEAST_DECIDED = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """Queues, or priorities, of the tickets for which the right one is known.

    `decided` is what the runner does as it is configured, `sure` what it would do if every
    confidence were high enough; both have the classifier's confidence.
    """

    decided: tuple[Judged, ...]
    sure: tuple[Judged, ...]

    @property
    def count(self) -> Count:
        return count(self.decided)

    @property
    def labels(self) -> tuple[LabelCount, ...]:
        return by_label(self.decided)

    @property
    def thresholds(self) -> tuple[AtThreshold, ...]:
        return by_threshold(self.sure)

    @property
    def bins(self) -> tuple[Bin, ...]:
        return reliability(self.sure)

    @property
    def calibration_error(self) -> float | None:
        return calibration_error(self.sure)

    @property
    def knows_confidence(self) -> bool:
        """Whether a threshold would tell any two tickets apart."""
        return any(
            one.confidence is not None for one in self.sure if one.predicted is not None
        )

    def lowest(self, precision: float) -> AtThreshold | None:
        """The lowest threshold that keeps the precision, and not only for a ticket or two."""
        return lowest_threshold(self.sure, precision, self._least)

    def best(self) -> AtThreshold | None:
        """The threshold with the highest precision, for as many tickets."""
        return best_threshold(self.sure, self._least)

    @property
    def _least(self) -> int:
        return min(_LEAST_DECIDED, ceil(len(self.sure) / 10))

    def mistakes(self) -> list[tuple[str, str, int]]:
        """The right label, the one that was given, and how often; most frequent first."""
        found = [
            (expected, given, times)
            for expected, row in confusion(self.decided).items()
            for given, times in row.items()
            if given is not None and given != expected
        ]
        return sorted(found, key=lambda one: (-one[2], one[:2]))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`tickets` were asked about; for `failed` of them the run failed.

    An aspect is None where no ticket says what is right, or the runner leaves it alone.
    """

    tickets: int
    failed: int
    queue: Measured | None
    priority: Measured | None

    @property
    def aspects(self) -> tuple[tuple[str, Measured], ...]:
        found = (("queue", self.queue), ("priority", self.priority))
        return tuple((name, one) for name, one in found if one is not None)


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """For programs: rates from 0 to 1 or null; the label `""` is no decision."""
    return {
        "tickets": evaluation.tickets,
        "failed": evaluation.failed,
        "queue": _aspect(evaluation.queue),
        "priority": _aspect(evaluation.priority),
    }


def _aspect(aspect: Measured | None) -> dict[str, Any] | None:
    if aspect is None:
        return None
    counted = aspect.count
    return {
        "tickets": counted.total,
        "decided": counted.decided,
        "right": counted.right,
        "precision": _rate(counted.precision),
        "coverage": _rate(counted.coverage),
        "accuracy": _rate(counted.accuracy),
        "calibration_error": _rate(aspect.calibration_error),
        "labels": {one.label: _label(one) for one in aspect.labels},
        "confusion": {
            expected: {given or "": times for given, times in row.items()}
            for expected, row in confusion(aspect.decided).items()
        },
        "thresholds": [_threshold(one) for one in aspect.thresholds],
    }


def _label(one: LabelCount) -> dict[str, Any]:
    return {
        "expected": one.expected,
        "decided": one.predicted,
        "right": one.right,
        "precision": _rate(one.precision),
        "recall": _rate(one.recall),
    }


def _threshold(one: AtThreshold) -> dict[str, Any]:
    return {
        "threshold": one.threshold,
        "decided": one.decided,
        "right": one.right,
        "wrong": one.wrong,
        "precision": _rate(one.precision),
        "coverage": _rate(one.coverage),
    }


def _rate(rate: float | None) -> float | None:
    return None if rate is None else round(rate, _DIGITS)


def matrix(aspect: Measured) -> tuple[list[str], Sequence[tuple[str, list[int], int]]]:
    """All labels, and for each how often which was given, and how often none."""
    labels = [one.label for one in aspect.labels]
    rows = confusion(aspect.decided)
    return labels, [
        (
            label,
            [rows.get(label, {}).get(given, 0) for given in labels],
            rows.get(label, {}).get(None, 0),
        )
        for label in labels
    ]
