"""Which label fits a text best, and the signs of whether that is so."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otac.components.embedding.evidence import (
    BY_WORD,
    PHRASE,
    WHOLE,
    DescribedLabel,
    Worded,
    likenesses,
    overlap,
)

if TYPE_CHECKING:
    from otac.components.embedding.evidence import Numbers

# What `Found.signs` holds, in this order, and whether it speaks for the label (1) or
# against it (-1). The calibration must not turn a sign round.
SIGNS = {
    "share": 1,
    "odds of the share": 1,
    "likeness": 1,
    "lead in likeness": 1,
    "lead word by word": 1,
    "ways of comparing that agree": 1,
    "telling words": 1,
    "three telling words or more": 1,
    "overlap with the nearest label": -1,
}
# More words than this make nobody surer.
_ENOUGH_WORDS = 30
_ENOUGH_TO_SAY = 3


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceWeights:
    """The weights of the likenesses, and of "none of these", which competes as one more
    label that is always this like."""

    weights: tuple[float, ...]
    none_of_these: float


@dataclass(frozen=True, slots=True)
class Choices:
    """The vectors know English: the mean of a German text tells that it is German, and
    its single words tell what it is about."""

    german: ChoiceWeights
    others: ChoiceWeights

    def of(self, text: Worded) -> ChoiceWeights:
        return self.german if text.language > 0 else self.others


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The labels by how well they fit, best first, with their shares; and the signs."""

    order: tuple[int, ...]
    shares: tuple[float, ...]
    """Of each label in the order of `order`; "none of these" has the rest up to 1."""
    signs: tuple[float, ...]
    overlap: float
    words: int


def find(text: Worded, labels: Sequence[DescribedLabel], choices: Choices) -> Found:
    table = likenesses(text, list(labels))
    return choose(text, labels, table, choices)


def choose(
    text: Worded, labels: Sequence[DescribedLabel], table: "Numbers", choices: Choices
) -> Found:
    """`table` is of `likenesses`."""
    import numpy as np

    choice = choices.of(text)
    likeness = table @ np.array(choice.weights)
    order = np.argsort(-likeness, kind="stable")
    powers = np.exp(np.append(likeness, choice.none_of_these) - likeness.max())
    shares = powers[:-1] / powers.sum()
    best = int(order[0])
    share = float(shares[best])
    words = len(text.words)
    alike = overlap(list(labels), best)
    return Found(
        order=tuple(int(place) for place in order),
        shares=tuple(float(shares[place]) for place in order),
        signs=(
            share,
            math.log(share / max(1 - share, 1e-9)),
            float(likeness[best]),
            _lead((table[:, WHOLE] + table[:, PHRASE]) / 2, best),
            _lead(table[:, BY_WORD], best),
            float((table.argmax(axis=0) == best).mean()),
            math.log1p(min(words, _ENOUGH_WORDS)),
            float(words >= _ENOUGH_TO_SAY),
            alike,
        ),
        overlap=alike,
        words=words,
    )


def _lead(column: "Numbers", best: int) -> float:
    """Over the best of the others; negative where one of them is ahead."""
    import numpy as np

    others = np.delete(column, best)
    return float(column[best] - others.max()) if len(others) else 0.0
