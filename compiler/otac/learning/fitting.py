"""Fits the weights of terms, with scikit-learn, and measures them on held-out tickets."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from otac.learning.selection import Sample
from otac.models.cleaning import LONGEST_TEXT, words
from otac.models.linear import BLOCKS, Calibration, LinearModel, TermBlock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Places = NDArray[np.intp]

# A term of fewer tickets is dropped: it may be somebody's name, and teaches nothing.
FEWEST_TICKETS = 3
_FEWEST_OF_MANY = 5
_MANY = 2000
# Bounds the file: half a megabyte of weights is 250,000 of them.
_MOST_WEIGHTS = 1_200_000
_MOST_TERMS = 40_000
# Chosen on 1,300 tickets, see docs/training.md.
_SVM_STRENGTH = 0.2
_SVM_SHARE = 2.0
_SMOOTHING = 0.3
_FOLDS = 5
# Of tickets that a model had not seen, so many had fewer known words.
_UNFAMILIAR = 0.05


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a model that had not seen a ticket said of it. `expected` may be unknown to it."""

    label: str
    confidence: float
    expected: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model, and what models like it said of the tickets it was made from."""

    model: LinearModel
    held_out: tuple[HeldOut, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """The two classifiers of which a model is the weighted sum: weights and shifts."""

    svm: "tuple[Matrix, Matrix]"
    bayes: "tuple[Matrix, Matrix]"


@dataclass(frozen=True, slots=True)
class _Mix:
    """What turns the two classifiers' logits into one: a factor for each."""

    svm: float
    bayes: float


def fit(samples: Sequence[Sample], others: Sequence[Sample] = ()) -> Fitted:
    """A model of these tickets, whose confidence is calibrated on held-out ones.

    A linear support vector machine and a complement naive Bayes (Rennie et al. 2003), both
    linear in the same terms: their weighted sum is one matrix. Each ticket is also judged
    by a model that was made without it and those like it. `others` are tickets of labels
    that are left out: they are only judged.
    """
    import numpy as np

    labels = tuple(sorted({one.label for one in samples}))
    answers = np.array([labels.index(one.label) for one in samples])
    counted = _CountedTerms(samples, others, len(labels))
    folds = _folds(samples)
    number = len(samples)
    svm = np.zeros((number + len(others), len(labels)))
    bayes = np.zeros_like(svm)
    known = np.zeros(number + len(others))
    for fold in range(_FOLDS):
        learn = np.flatnonzero(folds != fold)
        told = np.concatenate(
            [
                np.flatnonzero(folds == fold),
                number + np.arange(fold, len(others), _FOLDS),
            ]
        )
        rarity, seen = counted.rarity(learn)
        raw = _classifiers(counted.vectors(learn, rarity), answers[learn], len(labels))
        vectors = counted.vectors(told, rarity)
        svm[told] = vectors @ raw.svm[0] + raw.svm[1]
        bayes[told] = vectors @ raw.bayes[0] + raw.bayes[1]
        known[told] = counted.known(told, seen)
    mix = _mix(svm[:number], bayes[:number], answers)
    shares = _softmax(mix.svm * svm + mix.bayes * bayes)
    best = shares.argmax(axis=1)
    right = np.zeros(len(best), dtype=bool)
    right[:number] = best[:number] == answers
    calibration = _calibrate(shares.max(axis=1), known, right, known[:number])
    model = _model(counted, answers, labels, mix, calibration)
    held_out = tuple(
        HeldOut(
            labels[best[place]],
            round(
                calibration.confidence(float(shares[place].max()), float(known[place])),
                4,
            ),
            sample.label,
        )
        for place, sample in enumerate((*samples, *others))
    )
    return Fitted(model, held_out)


class _CountedTerms:
    """How often each term is in each ticket. Rows: samples, then others."""

    def __init__(
        self, samples: Sequence[Sample], others: Sequence[Sample], labels: int
    ) -> None:
        import numpy as np

        text = import_module("sklearn.feature_extraction.text")

        self.samples = np.arange(len(samples))
        self.terms: dict[str, list[str]] = {}
        self._counts: dict[str, Any] = {}
        fewest = _FEWEST_OF_MANY if len(samples) >= _MANY else FEWEST_TICKETS
        most = min(_MOST_TERMS, max(_MOST_WEIGHTS // (2 * labels), 500))
        texts = [one.text for one in samples]
        self._words = np.array(
            [len(words(one.text)) for one in (*samples, *others)], dtype=np.float64
        )
        for name, analyzer in BLOCKS.items():
            counter = text.CountVectorizer(analyzer=analyzer, dtype=np.int32)
            counts = counter.fit_transform(texts)
            terms = counter.get_feature_names_out()
            tickets = np.bincount(counts.indices, minlength=counts.shape[1])
            tickets = tickets - self._repeated(counts, samples)
            # The most frequent ones; of equally frequent ones the first by name.
            order = np.argsort(-tickets, kind="stable")[:most]
            kept = np.sort(order[tickets[order] >= fewest])
            self.terms[name] = terms[kept].tolist()
            self._counts[name] = self._with_others(
                counts[:, kept], others, analyzer, self.terms[name]
            )

    @staticmethod
    def _repeated(counts: Any, samples: Sequence[Sample]) -> "Places":
        """By term, in how many tickets it is that are like another one with it.

        One mail of one customer, forwarded five times, is not five tickets.
        """
        import numpy as np

        sparse = import_module("scipy.sparse")

        groups = np.array([one.group for one in samples])
        _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
        rows = np.flatnonzero(size[group] > 1)
        alike = counts[rows]
        members = sparse.csr_matrix(
            (np.ones(len(rows)), (group[rows], np.arange(len(rows)))),
            shape=(len(size), len(rows)),
        )
        terms = counts.shape[1]
        each: Places = np.bincount(alike.indices, minlength=terms)
        once: Places = np.bincount((members @ alike).indices, minlength=terms)
        return each - once

    @staticmethod
    def _with_others(
        counts: Any, others: Sequence[Sample], analyzer: Any, terms: list[str]
    ) -> Any:
        import numpy as np

        sparse = import_module("scipy.sparse")
        text = import_module("sklearn.feature_extraction.text")

        if not others or not terms:
            return counts
        counter = text.CountVectorizer(
            analyzer=analyzer, vocabulary=terms, dtype=np.int32
        )
        return sparse.vstack(
            [counts, counter.transform([one.text for one in others])]
        ).tocsr()

    def rarity(self, rows: "Places") -> "tuple[dict[str, Matrix], Any]":
        """The logarithm of how rare each term is in these tickets, and which words occur."""
        import numpy as np

        rarity: dict[str, Matrix] = {}
        seen: Any = None
        for name, counts in self._counts.items():
            part = counts[rows]
            tickets = np.bincount(part.indices, minlength=part.shape[1])
            rarity[name] = np.log((1 + len(rows)) / (1 + tickets)) + 1
            if name == "words":
                seen = tickets >= FEWEST_TICKETS - 1
        return rarity, seen

    def vectors(self, rows: "Places", rarity: "Mapping[str, Matrix]") -> Any:
        """The vectors of tickets, as `TermBlock.vector` makes them."""
        import numpy as np

        sparse = import_module("scipy.sparse")
        preprocessing = import_module("sklearn.preprocessing")

        blocks = []
        for name, counts in self._counts.items():
            part = counts[rows].astype(np.float64)
            part.data = (1 + np.log(part.data)) * rarity[name][part.indices]
            blocks.append(preprocessing.normalize(part))
        return sparse.hstack(blocks).tocsr()

    def known(self, rows: "Places", seen: Any) -> "Matrix":
        """The part of each ticket's words that a model of other tickets knows."""
        import numpy as np

        single = np.array([" " not in term for term in self.terms["words"]], dtype=bool)
        found = self._counts["words"][rows] @ (single & seen).astype(np.float64)
        return np.asarray(found) / np.maximum(self._words[rows], 1)


def _classifiers(vectors: Any, answers: "Places", labels: int) -> _Raw:
    import numpy as np

    # They have no types; what comes of them is named below.
    naive_bayes = import_module("sklearn.naive_bayes")
    svm = import_module("sklearn.svm")

    machine = svm.LinearSVC(
        C=_SVM_STRENGTH, class_weight="balanced", random_state=0, max_iter=5000
    ).fit(vectors, answers)
    weights, shift = machine.coef_.T, machine.intercept_
    if weights.shape[1] == 1:
        # Of two labels it has one column: for the second, against the first.
        weights = np.hstack([-weights, weights])
        shift = np.array([-shift[0], shift[0]])
    bayes = naive_bayes.ComplementNB(alpha=_SMOOTHING).fit(vectors, answers)
    assert weights.shape[1] == labels
    return _Raw(
        (np.asarray(weights), shift), (bayes.feature_log_prob_.T, np.zeros(labels))
    )


def _mix(svm: "Matrix", bayes: "Matrix", answers: "Places") -> _Mix:
    """Each at its own temperature (Guo et al. 2017), added up, and one for the sum."""
    one = _SVM_SHARE / _temperature(svm, answers)
    other = 1 / _temperature(bayes, answers)
    both = _temperature(one * svm + other * bayes, answers)
    return _Mix(one / both, other / both)


def _temperature(logits: "Matrix", answers: "Places") -> float:
    """By which logits are divided so that their softmax fits the answers best."""
    import numpy as np

    optimize = import_module("scipy.optimize")

    rows = np.arange(len(answers))

    def loss(logarithm: float) -> float:
        shares = _softmax(logits / math.exp(logarithm))[rows, answers]
        return float(-np.log(shares + 1e-12).mean())

    found = optimize.minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded")
    return math.exp(float(found.x))


def _softmax(logits: "Matrix") -> "Matrix":
    import numpy as np

    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _calibrate(
    best: "Matrix", known: "Matrix", right: Any, familiar: "Matrix"
) -> Calibration:
    """Platt's line through the logarithmic odds, held near to leaving them as they are."""
    import numpy as np

    optimize = import_module("scipy.optimize")

    inside = np.clip(best, 1e-6, 1 - 1e-6)
    odds = np.log(inside / (1 - inside))

    def loss(line: "Matrix") -> float:
        sure = line[0] * odds + line[1]
        missed = np.logaddexp(0, np.where(right, -sure, sure)).sum()
        return float(missed + 2 * (line[0] - 1) ** 2 + 2 * line[1] ** 2)

    found = optimize.minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return Calibration(
        round(max(float(found.x[0]), 0.1), 4),
        round(float(found.x[1]), 4),
        round(float(np.quantile(familiar, _UNFAMILIAR)), 4),
    )


def _folds(samples: Sequence[Sample]) -> "Places":
    """A fold for each sample: like ones in the same, labels spread over all."""
    import numpy as np

    fold_of: dict[int, int] = {}
    dealt: dict[str, int] = {}
    folds = np.zeros(len(samples), dtype=np.intp)
    for place, sample in enumerate(samples):
        if sample.group not in fold_of:
            dealt[sample.label] = dealt.get(sample.label, -1) + 1
            # Small labels do not all begin with the first fold.
            start = len(dealt)
            fold_of[sample.group] = (dealt[sample.label] + start) % _FOLDS
        folds[place] = fold_of[sample.group]
    return folds


def _model(
    counted: _CountedTerms,
    answers: "Places",
    labels: tuple[str, ...],
    mix: _Mix,
    calibration: Calibration,
) -> LinearModel:
    """The one of all tickets, in the precision in which it is written."""
    import numpy as np

    rarity, _ = counted.rarity(counted.samples)
    vectors = counted.vectors(counted.samples, rarity)
    raw = _classifiers(vectors, answers, len(labels))
    weights = mix.svm * raw.svm[0] + mix.bayes * raw.bayes[0]
    # What is the same for all labels decides nothing.
    weights -= weights.mean(axis=1, keepdims=True)
    bias = mix.svm * raw.svm[1] + mix.bayes * raw.bayes[1]
    split = np.cumsum([len(terms) for terms in counted.terms.values()])[:-1]
    by_block = dict(zip(counted.terms, np.vsplit(weights, split), strict=True))
    return LinearModel(
        labels,
        {
            name: TermBlock(
                {term: row for row, term in enumerate(terms)},
                rarity[name].astype(np.float32),
            )
            for name, terms in counted.terms.items()
        },
        {
            name: part.astype(np.float16).astype(np.float32)
            for name, part in by_block.items()
        },
        (bias - bias.mean()).astype(np.float32),
        calibration,
        LONGEST_TEXT,
    )
