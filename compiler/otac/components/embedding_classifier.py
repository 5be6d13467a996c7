"""`EmbeddingClassifier`: labels by what their descriptions mean."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from otac.components.classifier import Classification
from otac.components.embedding.coefficients import CALIBRATION, CHOICES
from otac.components.embedding.evidence import described, worded
from otac.components.embedding.probability import confidence, reason
from otac.components.embedding.signs import Found, find
from otac.components.outcome import Fail


class EmbeddingClassifier:
    """Compares what a text means with what the labels' descriptions mean.

    The word vectors are installed with it: nothing is downloaded and nothing leaves the
    machine. They know English best; other languages need descriptions in that language.
    It has never seen how tickets of this helpdesk were decided, so it is careful: most
    texts get a low confidence.
    """

    def __init__(
        self,
        labels: Annotated[
            Mapping[str, str] | None,
            Field(
                description="The labels and what each stands for, in the words that"
                " texts would use"
            ),
        ] = None,
    ) -> None:
        self._labels = dict(labels or {})

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of `labels`, or of its own.

        Where both know a label, its own description counts.
        """
        candidates = self._labels
        if labels is not None:
            candidates = {
                label: self._labels.get(label, description)
                for label, description in labels.items()
            }
        if not candidates:
            raise Fail("`EmbeddingClassifier` has no `labels` to choose from")
        return await asyncio.to_thread(_classify, text, candidates)


def _classify(text: str, candidates: Mapping[str, str]) -> Classification:
    read = worded(text)
    labels = {label: described(label, of) for label, of in candidates.items()}
    if not read.words.any():
        return Classification(
            label=None,
            confidence=0,
            scores=dict.fromkeys(candidates, 0),
            reason="no word of the text says what it is about",
        )
    found = find(read, list(labels.values()), CHOICES)
    names = list(labels)
    best = names[found.order[0]]
    sure = confidence(found, labels[best], CALIBRATION)
    return Classification(
        label=best,
        confidence=sure,
        scores=_scores([names[place] for place in found.order], found, sure),
        reason=reason(read, labels, found, sure),
    )


def _scores(names: list[str], found: Found, sure: float) -> dict[str, float]:
    """The best one's is the confidence; the others share what that leaves over.

    "None of these" has its share too, so they add up to less than 1.
    """
    left = (1 - sure) / max(1 - found.shares[0], 1e-9)
    others = [round(min(share * left, sure), 4) for share in found.shares[1:]]
    return dict(zip(names, [sure, *others], strict=True))
