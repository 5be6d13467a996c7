"""How well decisions fit what they should have been.

A rate is None where there is nothing to divide by: 0 of 0 is neither good nor bad. All
functions are pure and do not depend on the order of what they are given.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_BINS = 10
_STEPS = tuple(round(0.05 * step, 2) for step in range(21))


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision beside the label that was right.

    `predicted` is None where nothing was decided, `confidence` where nobody said how sure
    it was.
    """

    confidence: float | None
    predicted: str | None
    expected: str

    @property
    def is_right(self) -> bool:
        return self.predicted == self.expected


@dataclass(frozen=True, slots=True)
class Count:
    """Of `total` tickets, `decided` were decided and `right` of those rightly."""

    total: int
    decided: int
    right: int

    @property
    def wrong(self) -> int:
        return self.decided - self.right

    @property
    def precision(self) -> float | None:
        """The part of the decided that is right."""
        return _rate(self.right, self.decided)

    @property
    def coverage(self) -> float | None:
        """The part of all that was decided."""
        return _rate(self.decided, self.total)

    @property
    def accuracy(self) -> float | None:
        """The part of all that was decided rightly."""
        return _rate(self.right, self.total)


@dataclass(frozen=True, slots=True)
class AtThreshold(Count):
    """What is decided if a confidence of at least `threshold` is asked for."""

    threshold: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions whose confidence lies above `low` and not above `high` (the first bin
    holds 0 as well). `confidence` is their mean, `right` the part that is right."""

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class LabelCount:
    """One label: how often it was right to give it, how often it was given, how often both."""

    label: str
    expected: int
    predicted: int
    right: int

    @property
    def precision(self) -> float | None:
        """The part of those given this label that should have it."""
        return _rate(self.right, self.predicted)

    @property
    def recall(self) -> float | None:
        """The part of those that should have this label that were given it."""
        return _rate(self.right, self.expected)


def count(judged: Iterable[Judged]) -> Count:
    """What was decided, whatever the confidence."""
    total = decided = right = 0
    for one in judged:
        total += 1
        decided += one.predicted is not None
        right += one.is_right
    return Count(total, decided, right)


def at_threshold(judged: Iterable[Judged], threshold: float) -> AtThreshold:
    """What is decided if a confidence of at least `threshold` is asked for.

    An unknown confidence reaches 0 only.
    """
    total = decided = right = 0
    for one in judged:
        total += 1
        if one.predicted is not None and _known(one) >= threshold:
            decided += 1
            right += one.is_right
    return AtThreshold(total, decided, right, threshold)


def by_threshold(
    judged: Sequence[Judged], thresholds: Iterable[float] = _STEPS
) -> tuple[AtThreshold, ...]:
    """The same for several thresholds; without others, from 0 to 1 in steps of 0.05."""
    return tuple(at_threshold(judged, threshold) for threshold in thresholds)


def lowest_threshold(
    judged: Sequence[Judged], precision: float, least_decided: int = 1
) -> AtThreshold | None:
    """The lowest threshold at which that part of the decided is right.

    It has as few digits as tell it from the next lower confidence, for it is to be typed.
    None where no threshold does it for at least `least_decided` tickets. Precision need not
    grow with the threshold: above this one it may be lower again.
    """
    for found in _by_level(judged):
        if found.decided < max(least_decided, 1):
            return None
        if found.right >= precision * found.decided:
            return found
    return None


def best_threshold(
    judged: Sequence[Judged], least_decided: int = 1
) -> AtThreshold | None:
    """The threshold at which most of the decided is right; of several, the lowest.

    None where fewer than `least_decided` tickets are decided at any.
    """
    enough = [one for one in _by_level(judged) if one.decided >= max(least_decided, 1)]
    # The first of several.
    return max(enough, key=lambda one: one.precision or 0.0, default=None)


def reliability(judged: Iterable[Judged], bins: int = _BINS) -> tuple[Bin, ...]:
    """How often decisions of about the same confidence are right, in equally wide bins.

    Decisions of unknown confidence are in none of them.
    """
    edges = [index / bins for index in range(bins + 1)]
    members: list[list[Judged]] = [[] for _ in range(bins)]
    for one in judged:
        if one.predicted is not None and one.confidence is not None:
            members[bisect_left(edges, one.confidence, 1, bins) - 1].append(one)
    return tuple(
        Bin(
            low=edges[index],
            high=edges[index + 1],
            count=len(inside),
            confidence=_rate(sum(one.confidence or 0.0 for one in inside), len(inside)),
            right=_rate(sum(one.is_right for one in inside), len(inside)),
        )
        for index, inside in enumerate(members)
    )


def calibration_error(judged: Iterable[Judged], bins: int = _BINS) -> float | None:
    """The expected calibration error (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017).

    The mean distance between confidence and the part that is right, over equally wide bins
    and weighted by how many decisions each holds. None without any of known confidence.
    """
    table = [one for one in reliability(judged, bins) if one.count]
    total = sum(one.count for one in table)
    return _rate(
        sum(
            one.count * abs((one.confidence or 0.0) - (one.right or 0.0))
            for one in table
        ),
        total,
    )


def by_label(judged: Iterable[Judged]) -> tuple[LabelCount, ...]:
    """Every label that was given or should have been, in alphabetical order."""
    expected: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in judged:
        expected[one.expected] += 1
        if one.predicted is not None:
            predicted[one.predicted] += 1
        if one.is_right:
            right[one.expected] += 1
    return tuple(
        LabelCount(label, expected[label], predicted[label], right[label])
        for label in sorted({*expected, *predicted})
    )


def confusion(judged: Iterable[Judged]) -> Mapping[str, Mapping[str | None, int]]:
    """How often which label was given (None: none) where which was right.

    Rows are the right labels in alphabetical order; what never came is left out of a row.
    """
    rows: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    for one in judged:
        rows[one.expected][one.predicted] += 1
    return {
        label: dict(sorted(rows[label].items(), key=_labels_first))
        for label in sorted(rows)
    }


def _by_level(judged: Sequence[Judged]) -> Iterator[AtThreshold]:
    """Every threshold that makes a difference, from the lowest on."""
    by_confidence: defaultdict[float, list[bool]] = defaultdict(list)
    for one in judged:
        if one.predicted is not None:
            by_confidence[_known(one)].append(one.is_right)
    decided = sum(len(some) for some in by_confidence.values())
    right = sum(sum(some) for some in by_confidence.values())
    below: float | None = None
    for level in sorted(by_confidence):
        yield AtThreshold(len(judged), decided, right, _shortest(below, level))
        decided -= len(by_confidence[level])
        right -= sum(by_confidence[level])
        below = level


def _labels_first(entry: tuple[str | None, int]) -> tuple[bool, str]:
    return entry[0] is None, entry[0] or ""


def _known(one: Judged) -> float:
    return 0.0 if one.confidence is None else one.confidence


def _shortest(below: float | None, level: float) -> float:
    """The number with the fewest decimals above `below` and not above `level`."""
    if below is None:
        return 0.0
    for decimals in range(1, 17):
        # The largest one not above `level`: as far from the next lower confidence as it goes.
        scale = 10.0**decimals
        shortened = int(level * scale) / scale
        if below < shortened <= level:
            return shortened
    return level


def _rate(part: float, whole: int) -> float | None:
    return part / whole if whole else None
