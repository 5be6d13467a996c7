"""Values worked out by hand, and those of scikit-learn where it has the same measure."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otac.learning.measures import (
    AtThreshold,
    Bin,
    Count,
    Judged,
    LabelCount,
    at_threshold,
    best_threshold,
    by_label,
    by_threshold,
    calibration_error,
    confusion,
    count,
    lowest_threshold,
    reliability,
)

_TEN = [
    Judged(0.95, "a", "a"),
    Judged(0.90, "a", "a"),
    Judged(0.85, "b", "b"),
    Judged(0.72, "b", "a"),
    Judged(0.71, "a", "a"),
    Judged(0.55, "c", "c"),
    Judged(0.50, "a", "b"),
    Judged(0.30, "b", "c"),
    Judged(None, "a", "a"),
    Judged(0.10, None, "c"),
]

_JUDGED = st.lists(
    st.builds(
        Judged,
        st.none() | st.floats(0, 1),
        st.none() | st.sampled_from("abc"),
        st.sampled_from("abcd"),
    )
)


def test_decided_and_right_are_counted() -> None:
    counted = count(_TEN)
    assert counted == Count(total=10, decided=9, right=6)
    assert (counted.wrong, counted.precision) == (3, 6 / 9)
    assert (counted.coverage, counted.accuracy) == (0.9, 0.6)


def test_nothing_has_no_rates() -> None:
    nothing = count([])
    assert nothing == Count(0, 0, 0)
    assert (nothing.precision, nothing.coverage, nothing.accuracy) == (None,) * 3
    assert calibration_error([]) is None
    assert lowest_threshold([], 0.9) is None
    assert by_label([]) == ()
    assert confusion([]) == {}


def test_a_threshold_keeps_what_is_at_least_as_certain() -> None:
    assert at_threshold(_TEN, 0.71) == AtThreshold(10, 5, 4, 0.71)
    assert at_threshold(_TEN, 0.711) == AtThreshold(10, 4, 3, 0.711)


def test_an_unknown_confidence_reaches_no_threshold_but_zero() -> None:
    assert at_threshold(_TEN, 0) == AtThreshold(10, 9, 6, 0)
    assert at_threshold(_TEN, 0.01) == AtThreshold(10, 8, 5, 0.01)


def test_thresholds_go_from_nought_to_one() -> None:
    table = by_threshold(_TEN)
    assert [row.threshold for row in table][:4] == [0.0, 0.05, 0.1, 0.15]
    assert [row.threshold for row in table][-2:] == [0.95, 1.0]
    assert len(table) == 21
    assert (table[-2].decided, table[-1].decided) == (1, 0)


def test_the_lowest_threshold_of_a_precision_is_short_enough_to_type() -> None:
    # At 0.71 four of five are right; 0.55 keeps six with five right.
    assert lowest_threshold(_TEN, 5 / 6) == AtThreshold(10, 6, 5, 0.55)
    assert lowest_threshold(_TEN, 0.9) == AtThreshold(10, 3, 3, 0.8)
    assert lowest_threshold(_TEN, 0.6) == AtThreshold(10, 9, 6, 0.0)


def test_a_precision_that_too_few_tickets_have_is_none() -> None:
    assert lowest_threshold(_TEN, 0.9, least_decided=4) is None
    assert lowest_threshold([Judged(0.9, "a", "b")], 0.1) is None


def test_the_best_threshold_is_the_lowest_of_the_most_right() -> None:
    assert best_threshold(_TEN) == AtThreshold(10, 3, 3, 0.8)
    assert best_threshold(_TEN, least_decided=4) == AtThreshold(10, 6, 5, 0.55)
    assert best_threshold(_TEN, least_decided=10) is None
    assert best_threshold([]) is None


def test_confidences_close_together_are_told_apart() -> None:
    judged = [Judged(0.99991, "a", "b"), Judged(0.99997, "a", "a")]
    assert lowest_threshold(judged, 1) == AtThreshold(2, 1, 1, 0.99997)


def test_bins_are_closed_above() -> None:
    table = reliability([Judged(0.1, "a", "a"), Judged(0.11, "a", "b")])
    assert table[0] == Bin(0.0, 0.1, 1, 0.1, 1.0)
    assert table[1] == Bin(0.1, 0.2, 1, 0.11, 0.0)
    assert table[2] == Bin(0.2, 0.3, 0, None, None)
    assert sum(one.count for one in reliability([Judged(0, "a", "a")])) == 1
    assert reliability([Judged(1, "a", "a")])[9].count == 1


def test_the_calibration_error_weighs_bins_by_what_they_hold() -> None:
    judged = [Judged(0.85, "a", "a")] * 3 + [
        Judged(0.85, "a", "b"),
        Judged(0.3, "b", "b"),
    ]
    # Four at 0.85 of which 0.75 are right, one at 0.3 that is right.
    assert calibration_error(judged) == pytest.approx((4 * 0.10 + 1 * 0.7) / 5)
    unknown = [Judged(None, "a", "b"), Judged(0.2, None, "b")]
    assert calibration_error([*judged, *unknown]) == calibration_error(judged)


def test_labels_have_precision_and_recall() -> None:
    table = by_label(_TEN)
    assert table == (
        LabelCount("a", 5, 5, 4),
        LabelCount("b", 2, 3, 1),
        LabelCount("c", 3, 1, 1),
    )
    assert (table[2].precision, table[2].recall) == (1.0, 1 / 3)
    never = by_label([Judged(0.5, "a", "b")])
    assert (never[0].recall, never[1].precision) == (None, None)


def test_the_confusion_has_a_row_for_each_right_label() -> None:
    assert confusion(_TEN) == {
        "a": {"a": 4, "b": 1},
        "b": {"a": 1, "b": 1},
        "c": {"b": 1, "c": 1, None: 1},
    }
    assert list(confusion(_TEN)["c"]) == ["b", "c", None]


def _random_decisions() -> list[Judged]:
    rng = random.Random(7)
    return [
        Judged(rng.random(), rng.choice("abcd"), rng.choice("abcde"))
        for _ in range(2000)
    ]


def test_labels_and_confusion_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    judged = _random_decisions()
    labels = list("abcde")
    expected = [one.expected for one in judged]
    predicted = [one.predicted for one in judged]
    precision, recall, _, support = precision_recall_fscore_support(
        expected, predicted, labels=labels, zero_division=0
    )
    for place, row in enumerate(by_label(judged)):
        assert (row.precision or 0) == pytest.approx(precision[place])
        assert (row.recall or 0) == pytest.approx(recall[place])
        assert row.expected == support[place]
    matrix = confusion_matrix(expected, predicted, labels=labels)
    ours = confusion(judged)
    for row, label in enumerate(labels):
        for column, other in enumerate(labels):
            assert ours[label].get(other, 0) == matrix[row][column]


def test_reliability_is_that_of_scikit_learn() -> None:
    from sklearn.calibration import calibration_curve

    judged = _random_decisions()
    right, confidence = calibration_curve(
        [one.is_right for one in judged],
        [one.confidence for one in judged],
        n_bins=10,
    )
    table = reliability(judged)
    assert [one.right for one in table] == pytest.approx(list(right))
    assert [one.confidence for one in table] == pytest.approx(list(confidence))


@given(_JUDGED, st.floats(0.01, 1))
def test_the_lowest_threshold_does_what_it_says_and_none_below_does(
    judged: list[Judged], precision: float
) -> None:
    found = lowest_threshold(judged, precision)
    confidences = [one.confidence or 0 for one in judged if one.predicted is not None]
    reached = [
        at_threshold(judged, one).right >= precision * at_threshold(judged, one).decided
        for one in sorted(confidences)
    ]
    if found is None:
        assert not any(reached)
        return
    assert at_threshold(judged, found.threshold) == found
    assert found.right >= precision * found.decided
    assert found.decided > 0
    assert found.decided == max(
        at_threshold(judged, one).decided
        for one, is_reached in zip(sorted(confidences), reached, strict=True)
        if is_reached
    )


@given(_JUDGED)
def test_every_decision_of_known_confidence_is_in_one_bin(judged: list[Judged]) -> None:
    known = [one for one in judged if one.predicted and one.confidence is not None]
    assert sum(one.count for one in reliability(judged)) == len(known)
