"""Two small regressions: which likenesses tell the label, which signs tell that it is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.calibration.episodes import Asked
from otac.components.embedding.evidence import LIKENESSES
from otac.components.embedding.probability import SignsCalibration, probability
from otac.components.embedding.signs import SIGNS, Choices, ChoiceWeights, choose

Numbers = NDArray[np.float64]

# Both keep the weights small; chosen by leaving sources out.
_SHRINK_CHOICE = 1e-5
_SHRINK_CALIBRATION = 0.01


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `coefficients.py` holds."""

    choices: Choices
    calibration: SignsCalibration


def fit(asked: Sequence[Asked], weights: Numbers) -> Fitted:
    choices = _fit_choices(asked, weights)
    signs, right = judged(asked, choices)
    return Fitted(choices, _fit_calibration(signs, right, weights))


def judged(asked: Sequence[Asked], choices: Choices) -> tuple[Numbers, Numbers]:
    """The signs of each, and 1 where the best label is the right one, else 0."""
    found = [choose(one.text, one.labels, one.likenesses, choices) for one in asked]
    right = [
        float(each.order[0] == one.right)
        for one, each in zip(asked, found, strict=True)
    ]
    return np.array([each.signs for each in found]), np.array(right)


def confidences(signs: Numbers, calibration: SignsCalibration) -> Numbers:
    return np.array([probability(row.tolist(), calibration) for row in signs])


def _fit_choices(asked: Sequence[Asked], weights: Numbers) -> Choices:
    """Those that `Choices.of` gives each text to."""
    is_german = np.array([one.text.language > 0 for one in asked])

    def fitted(rows: NDArray[np.bool_]) -> ChoiceWeights:
        some = [one for one, wanted in zip(asked, rows, strict=True) if wanted]
        return _fit_choice(some, weights[rows] / weights[rows].mean())

    return Choices(german=fitted(is_german), others=fitted(~is_german))


def _fit_choice(asked: Sequence[Asked], weights: Numbers) -> ChoiceWeights:
    """A conditional logit over the labels and "none of these"."""
    count, width = len(asked), max(len(one.labels) for one in asked)
    kinds = len(LIKENESSES)
    table = np.zeros((count, width, kinds))
    absent = np.full((count, width), -1e9)
    for row, one in enumerate(asked):
        table[row, : len(one.labels)] = one.likenesses
        absent[row, : len(one.labels)] = 0
    right = np.array([one.right if one.right >= 0 else width for one in asked])

    def loss(values: Numbers) -> tuple[float, Numbers]:
        likeness = table @ values[:kinds] + absent
        every = np.hstack([likeness, np.full((count, 1), values[kinds])])
        every -= every.max(axis=1, keepdims=True)
        total = np.log(np.exp(every).sum(axis=1))
        gained = every[np.arange(count), right] - total
        gap = -np.exp(every - total[:, None])
        gap[np.arange(count), right] += 1
        gap *= weights[:, None] / count
        slope = np.append(
            np.einsum("nl,nlk->k", gap[:, :width], table), gap[:, width].sum()
        )
        shrink = np.append(values[:kinds], 0)
        loss = -(gained * weights).mean() + _SHRINK_CHOICE * (shrink**2).sum()
        return float(loss), 2 * _SHRINK_CHOICE * shrink - slope

    bounds = [(0, None)] * kinds + [(None, None)]
    found = minimize(
        loss, np.ones(kinds + 1), jac=True, method="L-BFGS-B", bounds=bounds
    ).x
    return ChoiceWeights(
        tuple(round(float(x), 4) for x in found[:-1]), float(found[-1])
    )


def _fit_calibration(
    signs: Numbers, right: Numbers, weights: Numbers
) -> SignsCalibration:
    """Logistic; each sign may only speak the way that `SIGNS` says."""
    middle, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    rows = np.column_stack([(signs - middle) / spread, np.ones(len(signs))])

    def loss(values: Numbers) -> tuple[float, Numbers]:
        total = rows @ values
        wrong = np.logaddexp(0, total) - right * total
        shrink = np.append(values[:-1], 0)
        gap = (1 / (1 + np.exp(-total)) - right) * weights
        return (
            float((wrong * weights).mean() + _SHRINK_CALIBRATION * (shrink**2).sum()),
            rows.T @ gap / len(rows) + 2 * _SHRINK_CALIBRATION * shrink,
        )

    ways = [(0, None) if way > 0 else (None, 0) for way in SIGNS.values()]
    start = np.zeros(rows.shape[1])
    bounds = [*ways, (None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    scaled = found[:-1] / spread
    return SignsCalibration(
        tuple(round(float(x), 4) for x in scaled),
        round(float(found[-1] - scaled @ middle), 4),
    )
