"""What was tried for `otac train`: the table of docs/training.md.

python -m benchmarks.training_trials TICKETS.csv [--splits N]

The first 1,300 tickets of the file alone are used: what is chosen here is judged on others,
by benchmarks/training.py. In each random split, 1,000 or 300 tickets are learned from and
300 or 500 others judge; with 300, the other 500 are there without their labels.
"""

import argparse
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from otac.components.embedding.vectors import embed
from otac.learning.examples import read_examples
from otac.learning.measures import Judged, calibration_error, count, lowest_threshold
from otac.models.cleaning import clean
from otac.models.linear import BLOCKS

_CHOOSING = 1300
_UNLABELLED = 500
_FOLDS = 3
_SIZES = (300, 1000)
_WANTED = 0.9

Matrix = Any


@dataclass(frozen=True, slots=True)
class Member:
    """A classifier and what it is shown of a text."""

    make: Callable[[], Any]
    blocks: tuple[str, ...] = ("words", "pieces")
    fewest: int = 3


def _regression(**given: Any) -> Callable[[], Any]:
    return lambda: LogisticRegression(max_iter=300, **given)


def _machine(strength: float, weight: str | None = "balanced") -> Callable[[], Any]:
    return lambda: LinearSVC(
        C=strength, class_weight=weight, random_state=0, max_iter=5000
    )


def _bayes() -> Any:
    return ComplementNB(alpha=0.3)


MEMBERS = {
    "regression": Member(_regression(C=10.0)),
    "regression, balanced": Member(_regression(C=10.0, class_weight="balanced")),
    "words": Member(_regression(C=10.0), ("words",)),
    "pieces": Member(_regression(C=10.0), ("pieces",)),
    "machine": Member(_machine(0.5, None)),
    "machine, balanced": Member(_machine(0.2)),
    "bayes": Member(_bayes),
    "machine of 2": Member(_machine(0.2), fewest=2),
    "bayes of 2": Member(_bayes, fewest=2),
    "machine of 5": Member(_machine(0.2), fewest=5),
    "bayes of 5": Member(_bayes, fewest=5),
    "vectors": Member(_regression(C=10.0), ("vectors",)),
}
# By row of the table: members and their weights.
ROWS: dict[str, dict[str, float]] = {
    "logistic regression, words 1-2 and pieces 2-5, C=10": {"regression": 1},
    "the same, balanced class weights": {"regression, balanced": 1},
    "words only, C=10": {"words": 1},
    "pieces only, C=10": {"pieces": 1},
    "complement naive Bayes": {"bayes": 1},
    "linear support vector machine, C=0.5": {"machine": 1},
    "the same, balanced, C=0.2": {"machine, balanced": 1},
    "support vector machine and naive Bayes, 2 : 1": {
        "machine, balanced": 2,
        "bayes": 1,
    },
    "the two, terms of 2 tickets or more": {"machine of 2": 2, "bayes of 2": 1},
    "the two, terms of 5 tickets or more": {"machine of 5": 2, "bayes of 5": 1},
    "the two and logistic regression": {
        "machine, balanced": 2,
        "bayes": 1,
        "regression": 1,
    },
    "the two and wordllama's vectors": {
        "machine, balanced": 2,
        "bayes": 1,
        "vectors": 1,
    },
    "wordllama's vectors alone": {"vectors": 1},
}
CHOSEN = "support vector machine and naive Bayes, 2 : 1"
TAUGHT = "the two, taught also by their own surest answers for unlabelled tickets"


@dataclass(slots=True)
class _Learned:
    """Logits of the tickets learned from, each by a model without it, and of others."""

    own: Matrix
    others: Matrix


@dataclass(slots=True)
class Trial:
    """One split: texts and labels to learn from, texts to be asked about."""

    texts: list[str]
    answers: Matrix
    others: list[str]
    known: dict[str, _Learned] = field(default_factory=dict)

    def learned(self, name: str) -> _Learned:
        if name not in self.known:
            member = MEMBERS[name]
            labels = len(set(self.answers))
            own = np.zeros((len(self.texts), labels))
            folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
            for learn, told in folds.split(self.texts, self.answers):
                own[told] = _logits(
                    member,
                    [self.texts[one] for one in learn],
                    self.answers[learn],
                    [self.texts[one] for one in told],
                )
            others = _logits(member, self.texts, self.answers, self.others)
            self.known[name] = _Learned(own, others)
        return self.known[name]

    def shares(self, weights: dict[str, float]) -> tuple[Matrix, Matrix]:
        """The softmax of the weighted sum, of the own tickets and of the others."""
        own = others = 0.0
        for name, weight in weights.items():
            found = self.learned(name)
            cool = weight / _temperature(found.own, self.answers)
            own, others = own + cool * found.own, others + cool * found.others
        cool = 1 / _temperature(own, self.answers)
        return _softmax(cool * own), _softmax(cool * others)


def _logits(
    member: Member, texts: Sequence[str], answers: Matrix, others: Sequence[str]
) -> Matrix:
    shown, asked = [], []
    for block in member.blocks:
        if block == "vectors":
            shown.append(sparse.csr_matrix(normalize(embed(texts))))
            asked.append(sparse.csr_matrix(normalize(embed(others))))
            continue
        counter = TfidfVectorizer(
            analyzer=BLOCKS[block], sublinear_tf=True, min_df=member.fewest
        )
        shown.append(counter.fit_transform(texts))
        asked.append(counter.transform(others))
    model = member.make().fit(sparse.hstack(shown).tocsr(), answers)
    told = sparse.hstack(asked).tocsr()
    if hasattr(model, "decision_function"):
        return model.decision_function(told)
    return model.predict_log_proba(told)


def _temperature(logits: Matrix, answers: Matrix) -> float:
    rows = np.arange(len(answers))

    def loss(logarithm: float) -> float:
        shares = _softmax(logits / math.exp(logarithm))[rows, answers]
        return float(-np.log(shares + 1e-12).mean())

    found = optimize.minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded")
    return math.exp(float(found.x))


def _softmax(logits: Matrix) -> Matrix:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _line(shares: Matrix, answers: Matrix, others: Matrix) -> Matrix:
    """Platt's: confidences of the others by those of the own, of which it is known."""
    own, asked = (_odds(one.max(axis=1)) for one in (shares, others))
    right = shares.argmax(axis=1) == answers
    return LogisticRegression().fit(own, right).predict_proba(asked)[:, 1]


def _odds(part: Matrix) -> Matrix:
    inside = np.clip(part, 1e-6, 1 - 1e-6)
    return np.log(inside / (1 - inside))[:, None]


def _judged(shares: Matrix, expected: Matrix, sure: Matrix = None) -> list[Judged]:
    confidences = shares.max(axis=1) if sure is None else sure
    return [
        Judged(float(confidence), str(label), str(wanted))
        for confidence, label, wanted in zip(
            confidences, shares.argmax(axis=1), expected, strict=True
        )
    ]


@dataclass(slots=True)
class _Row:
    right: list[float] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)

    def add(self, judged: Sequence[Judged]) -> None:
        best = lowest_threshold(judged, _WANTED)
        self.right.append(count(judged).accuracy or 0.0)
        self.coverage.append(0.0 if best is None else best.coverage or 0.0)
        self.error.append(calibration_error(judged) or 0.0)

    def __str__(self) -> str:
        right, coverage, error = (
            float(np.mean(one)) for one in (self.right, self.coverage, self.error)
        )
        return f"{right:.0%}, {coverage:.0%}, {error:.3f}"


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tickets", type=Path)
    arguments.add_argument("--splits", type=int, default=3)
    given = arguments.parse_args()
    tickets = read_examples(given.tickets).tickets[:_CHOOSING]
    names = sorted({one.queue for one in tickets})
    texts = [clean(one.text) for one in tickets]
    labels = np.array([names.index(one.queue) for one in tickets])
    print("share right, decided at 90 % right, calibration error; mean of all splits")
    for size in _SIZES:
        rows: dict[str, _Row] = {}
        for split in range(given.splits):
            order = list(range(len(tickets)))
            random.Random(split).shuffle(order)
            _try(size, order, texts, labels, rows)
        print(f"\n{size} tickets")
        for name, row in rows.items():
            print(f"| {name} | {row} |", flush=True)


def _try(
    size: int, order: list[int], texts: list[str], labels: Matrix, rows: dict[str, _Row]
) -> None:
    learn, rest = order[:size], order[size:]
    unlabelled = rest[:_UNLABELLED] if size == _SIZES[0] else []
    judges = rest[len(unlabelled) :]
    shown, answers = [texts[one] for one in learn], labels[learn]
    others = [texts[one] for one in (*judges, *unlabelled)]
    trial = Trial(shown, answers, others)
    expected = labels[judges]
    for name, weights in ROWS.items():
        own, told = trial.shares(weights)
        asked = told[: len(judges)]
        rows.setdefault(name, _Row()).add(_judged(asked, expected))
        if name != CHOSEN:
            continue
        sure = _line(own, answers, asked)
        platt = rows.setdefault(f"{CHOSEN}, with Platt's line", _Row())
        platt.add(_judged(asked, expected, sure))
        if unlabelled:
            row = rows.setdefault(TAUGHT, _Row())
            row.add(
                _judged(
                    _taught(trial, weights, told[len(judges) :], len(judges)), expected
                )
            )


def _taught(
    trial: Trial, weights: dict[str, float], told: Matrix, judges: int
) -> Matrix:
    """Self-training: the surest half of its answers for unlabelled tickets are learned.

    How sure it may be is still measured on the labelled tickets alone.
    """
    surest = np.argsort(-told.max(axis=1))[: len(told) // 2]
    texts = [*trial.texts, *(trial.others[judges + one] for one in surest)]
    answers = np.concatenate([trial.answers, told.argmax(axis=1)[surest]])
    own = others = 0.0
    for name, weight in weights.items():
        found = trial.learned(name)
        cool = weight / _temperature(found.own, trial.answers)
        asked = _logits(MEMBERS[name], texts, answers, trial.others[:judges])
        own, others = own + cool * found.own, others + cool * asked
    return _softmax(others / _temperature(own, trial.answers))


if __name__ == "__main__":
    main()
