"""From which confidence on a wanted part of the decisions is right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from otac.learning.measures import Judged

# One-sided 95 %: nineteen times in twenty, more is right than the bound says.
_DEVIATIONS = 1.64
_FEWEST = 10
WANTED = (0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class Promise:
    """At a confidence of `threshold`, the part `wanted` or more is right.

    `coverage` and `precision` are what was seen on held-out tickets.
    """

    wanted: float
    threshold: float
    coverage: float
    precision: float


def promises(held_out: Sequence[Judged], newest: Sequence[Judged]) -> list[Promise]:
    """The lowest threshold for each wanted precision that can be promised.

    It must hold with a margin for chance on the held-out tickets, and the newest ones must
    not contradict it. What too few tickets speak for is not promised.
    """
    found = []
    for wanted in WANTED:
        threshold = next(
            (
                one
                for one in _thresholds(held_out, wanted)
                if not _contradicted(newest, one, wanted)
            ),
            None,
        )
        if threshold is not None:
            decided = [one for one in held_out if _sure(one, threshold)]
            right = sum(one.is_right for one in decided)
            found.append(
                Promise(
                    wanted,
                    threshold,
                    round(len(decided) / len(held_out), 4),
                    round(right / len(decided), 4),
                )
            )
    return found


def lower_bound(right: int, total: int, deviations: float = _DEVIATIONS) -> float:
    """Wilson's (1927): the part that is right is at least this, but for chance."""
    part, square = right / total, deviations**2
    middle = part + square / (2 * total)
    margin = deviations * math.sqrt(part * (1 - part) / total + square / (4 * total**2))
    return (middle - margin) / (1 + square / total)


def _thresholds(held_out: Sequence[Judged], wanted: float) -> list[float]:
    """The confidences from which on the bound is reached, lowest first."""
    ranked = sorted(held_out, key=lambda one: -(one.confidence or 0.0))
    found: list[float] = []
    right = 0
    for place, one in enumerate(ranked, 1):
        right += one.is_right
        sure = one.confidence or 0.0
        if place < len(ranked) and ranked[place].confidence == one.confidence:
            continue
        if place >= _FEWEST and lower_bound(right, place) >= wanted:
            found.append(sure)
    return found[::-1]


def _contradicted(newest: Sequence[Judged], threshold: float, wanted: float) -> bool:
    """Whether chance does not explain how few of the newest are right."""
    decided = [one for one in newest if _sure(one, threshold)]
    if not decided:
        return False
    wrong = sum(not one.is_right for one in decided)
    # The upper bound of what is right is one less the lower one of what is wrong.
    return 1 - lower_bound(wrong, len(decided)) < wanted


def _sure(one: Judged, threshold: float) -> bool:
    return (one.confidence or 0.0) >= threshold
