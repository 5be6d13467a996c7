"""What a model makes of texts: numpy, and no scikit-learn."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otac.models.cleaning import LONGEST_TEXT, clean, piece_terms, word_terms
from otac.models.model_file import BadModel, Members

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# No ticket is longer; mails with files in them are.
_LONGEST_AT_ALL = 10 * LONGEST_TEXT

# The two kinds of terms of a model; the vectors of each have length one.
BLOCKS: Mapping[str, Callable[[str], list[str]]] = {
    "words": word_terms,
    "pieces": piece_terms,
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label with the probability that it is right, and all labels, best first.

    `label` is None where nothing can be said; `reason` says why, or why the confidence is
    low.
    """

    label: str | None
    confidence: float
    scores: dict[str, float]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the softmax of the best label to the probability that it is right.

    `slope` and `shift` act on its logarithmic odds. A text of whose words a smaller part
    than `familiar` is known to the model is proportionally less sure.
    """

    slope: float = 1.0
    shift: float = 0.0
    familiar: float = 0.0

    def confidence(self, best: float, known: float) -> float:
        """`best` is the softmax, `known` the part of the words that the model knows."""
        # Sums of another processor may differ in the last digits.
        odds = min(max(best, 1e-9), 1 - 1e-9)
        line = self.slope * math.log(odds / (1 - odds)) + self.shift
        sure = 1 / (1 + math.exp(-max(min(line, 50.0), -50.0)))
        if known < self.familiar:
            sure *= known / self.familiar
        return sure


@dataclass(frozen=True, slots=True)
class TermBlock:
    """The terms of one kind: the row of each, and how rare it is."""

    rows: Mapping[str, int]
    rarity: "Numbers"

    def vector(self, found: Sequence[str]) -> "tuple[NDArray[np.intp], Numbers]":
        """The rows of a text's terms and their weights, of length one together."""
        import numpy as np

        counts = Counter(self.rows[one] for one in found if one in self.rows)
        rows = np.fromiter(sorted(counts), dtype=np.intp, count=len(counts))
        times = np.array([counts[row] for row in rows.tolist()], dtype=np.float64)
        weights = (1 + np.log(times)) * self.rarity[rows] if len(rows) else times
        length = float(np.sqrt((weights**2).sum()))
        return rows, (weights / length if length else weights).astype(np.float32)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of terms for labels. One part of a model file."""

    labels: tuple[str, ...]
    blocks: Mapping[str, TermBlock]
    # By block: a row for each term, a column for each label.
    weights: "Mapping[str, Numbers]"
    bias: "Numbers"
    calibration: Calibration
    longest: int

    def decide(self, text: str) -> Prediction:
        """The label of a text; the text is cleaned as those were that it learned from."""
        if len(text) > _LONGEST_AT_ALL:
            return self._nothing(f"the text has {len(text)} characters")
        written = clean(text)
        if not any(character.isalnum() for character in written):
            return self._nothing("the text is empty")
        if len(written) > self.longest:
            return self._nothing(
                f"the text has {len(written)} characters; the model knows none of more"
                f" than {self.longest // 2}"
            )
        logits, known = self.logits(written)
        if not known:
            return self._nothing(
                "none of its words occurs in the tickets that the model was made from"
            )
        return self._decision(softmax(logits), known)

    def logits(self, text: str) -> tuple[list[float], float]:
        """One for each label, and the part of its words that are known."""
        total = self.bias.astype("float64")
        known = 0.0
        for name, terms in BLOCKS.items():
            found = terms(text)
            block = self.blocks[name]
            if name == "words":
                known = known_share(found, block.rows)
            rows, values = block.vector(found)
            if len(rows):
                total = total + values @ self.weights[name][rows]
        return [float(one) for one in total], known

    def _decision(self, shares: Sequence[float], known: float) -> Prediction:
        # Equal ones by name, so that the order is everywhere the same.
        order = sorted(range(len(shares)), key=lambda one: (-shares[one], one))
        best = order[0]
        sure = self.calibration.confidence(shares[best], known)
        scale = sure / shares[best]
        rest = (1 - sure) / (1 - shares[best]) if shares[best] < 1 else 0.0
        scores = {
            self.labels[one]: round(
                shares[one] * (scale if one == best else min(rest, scale)), 4
            )
            for one in order
        }
        reason = None
        if known < self.calibration.familiar:
            reason = f"only {known:.0%} of its words occur in the tickets of the model"
        return Prediction(self.labels[best], round(sure, 4), scores, reason)

    def _nothing(self, reason: str) -> Prediction:
        return Prediction(None, 0.0, dict.fromkeys(self.labels, 0.0), reason)


def known_share(terms: Sequence[str], rows: Mapping[str, int]) -> float:
    """The part of the words among these terms that have a row; pairs do not count."""
    single = [one for one in terms if " " not in one]
    return sum(one in rows for one in single) / len(single) if single else 0.0


def softmax(logits: Sequence[float]) -> list[float]:
    """Shares that add up to one."""
    most = max(logits)
    powers = [math.exp(one - most) for one in logits]
    total = sum(powers)
    return [one / total for one in powers]


def read_models(path: Path) -> tuple[dict[str, Any], dict[str, LinearModel]]:
    """The card of a model file and its parts by name; raises `BadModel`."""
    members = Members(path)
    parts = members.card.get("parts")
    if not isinstance(parts, dict) or not parts:
        raise BadModel("its card names no parts")
    return members.card, {
        name: _part(members, name, described) for name, described in parts.items()
    }


def _part(members: Members, name: str, card: Any) -> LinearModel:
    try:
        labels = tuple(str(label) for label in card["labels"])
        measured = card["calibration"]
        calibration = Calibration(
            float(measured["slope"]),
            float(measured["shift"]),
            float(measured["familiar"]),
        )
        longest = int(card["longest"])
    except (KeyError, TypeError, ValueError):
        raise BadModel(f"its card does not describe `{name}` as one does") from None
    if not all(
        math.isfinite(one)
        for one in (calibration.slope, calibration.shift, calibration.familiar)
    ):
        raise BadModel(f"its card does not describe `{name}` as one does")
    if len(labels) < 2:
        raise BadModel(f"its `{name}` knows fewer than two labels")
    blocks: dict[str, TermBlock] = {}
    weights: dict[str, Numbers] = {}
    for block in BLOCKS:
        terms = members.lines(f"{name}/{block}.txt")
        rows = {term: row for row, term in enumerate(terms)}
        if len(rows) != len(terms):
            raise BadModel(f"its `{name}/{block}.txt` has a term twice")
        rarity = members.array(f"{name}/{block}.rarity.npy", len(terms))
        blocks[block] = TermBlock(rows, rarity.astype("float32"))
        array = members.array(f"{name}/{block}.npy", len(terms), len(labels))
        weights[block] = array.astype("float32")
    bias = members.array(f"{name}/bias.npy", len(labels)).astype("float32")
    return LinearModel(
        labels, blocks, weights, bias, calibration, max(longest, LONGEST_TEXT // 2) * 2
    )
