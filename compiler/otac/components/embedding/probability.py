"""From signs to a probability, and what to say where it is low."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from otac.components.embedding.evidence import DescribedLabel, Worded
from otac.components.embedding.signs import Found

# Below this confidence, something is said about the why.
_WORTH_A_REASON = 0.75
# What a label is for is more than its name: with names alone, half of the surest answers
# about real tickets were wrong. And without another label there is nothing to compare
# with. Not fitted, as it depends on the names.
_MOST_WITHOUT_COMPARISON = 0.7
_SHORT = 3
_ALIKE = 0.6
_UNLIKE = 0.35
_OTHER_LANGUAGE = 0.25


@dataclass(frozen=True, slots=True)
class SignsCalibration:
    """A logistic regression on `SIGNS`: a weight for each, and a constant."""

    weights: tuple[float, ...]
    constant: float


def confidence(
    found: Found, best: DescribedLabel, calibration: SignsCalibration
) -> float:
    """The probability that `best` is right, which is the best one of `found`."""
    likely = probability(found.signs, calibration)
    if not best.has_description or len(found.order) == 1:
        likely = min(likely, _MOST_WITHOUT_COMPARISON)
    # Rounded, so that processors that add in another order agree.
    return round(likely, 4)


def probability(signs: Sequence[float], calibration: SignsCalibration) -> float:
    total = calibration.constant + sum(
        weight * sign for weight, sign in zip(calibration.weights, signs, strict=True)
    )
    return 1 / (1 + math.exp(-total))


def reason(
    text: Worded,
    labels: dict[str, DescribedLabel],
    found: Found,
    sure: float,
) -> str | None:
    """Why the confidence is low; None where it is not."""
    if sure >= _WORTH_A_REASON:
        return None
    names = list(labels)
    best = names[found.order[0]]
    if found.words < _SHORT:
        return "too few words say what the text is about"
    if text.language * labels[best].language < -(_OTHER_LANGUAGE**2):
        return "the text and the descriptions are in different languages"
    if found.shares[0] < 1 - sum(found.shares):
        return "no description is like the text"
    if len(names) == 1:
        return "there is nothing to compare the only label with"
    if not labels[best].has_description:
        return f"`{best}` has no description that says what it is for"
    second = names[found.order[1]]
    if found.overlap > _ALIKE:
        return f"`{best}` and another label have descriptions that are alike"
    if found.shares[0] < 2 * found.shares[1]:
        return f"`{second}` fits about as well as `{best}`"
    return f"`{best}` fits better than the others, but not by much"
