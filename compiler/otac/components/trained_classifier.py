"""`TrainedClassifier`: what `otac train` has learned from the helpdesk's own tickets."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from otac.components.classifier import Classification, told_apart
from otac.components.inspection import Asked, Problem
from otac.components.outcome import Fail
from otac.components.refusal import printable
from otac.models.card import (
    LEAST_PRECISION,
    MOST_PRECISION,
    BadModel,
    promised_threshold,
)

if TYPE_CHECKING:
    from otac.models.linear import LinearModel, Prediction


class TrainedClassifier:
    """Answers as the helpdesk's agents did, by a model that `otac train` has made.

    The model may have a part for queues and one for priorities. Nothing leaves the machine.
    """

    # What `knows_queues` asks for.
    labels_are_queues = True

    def __init__(
        self,
        model: Annotated[
            str,
            Field(
                description="The file that `otac train` has written, relative to the"
                " project folder",
                # The compiler reads them off the card.
                json_schema_extra={"x-lists": "queue"},
            ),
        ],
        min_precision: Annotated[
            float | None,
            Field(
                ge=LEAST_PRECISION,
                le=MOST_PRECISION,
                description="Answer only where so many answers are right, 0.9 being nine"
                " in ten: the confidence for it is read off the model's card, and counts"
                " in the place of `min_confidence`",
            ),
        ] = None,
    ) -> None:
        self._path = Path(model)
        self._min_precision = min_precision
        # What `is_sure_by_itself` asks for.
        self.sure_by_itself = min_precision is not None
        self._read: tuple[dict[str, Any], dict[str, LinearModel]] | None = None
        self._stamp: tuple[int, int] | None = None

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of `labels`, or of its own.

        `model_name` is the part of the model, `queue` or `priority`; without it, the one
        that knows most of `labels`.
        """
        return await asyncio.to_thread(self._classify, text, labels, model_name)

    async def classify_all(
        self,
        texts: Sequence[str],
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> list[Classification]:
        """The same for several texts, in their order, in one thread."""
        return await asyncio.to_thread(
            lambda: [self._classify(text, labels, model_name) for text in texts]
        )

    async def own_labels(self, model_name: str | None = None) -> tuple[str, ...]:
        """The labels of a part of the model, of the first one by default."""
        _, parts = await asyncio.to_thread(self._models)
        name = self._part(parts, None, model_name)
        assert name is not None
        return parts[name].labels

    async def inspect(self, asked: Asked) -> AsyncIterator[Problem]:
        """Whether the model is there and can be read."""
        try:
            card, parts = await asyncio.to_thread(self._models)
            for name in parts if self._min_precision is not None else ():
                self._threshold(card, name, self._min_precision or 0.0)
        except Fail as problem:
            yield Problem(kind="model", message=str(problem), parameter="model")

    def _classify(
        self, text: str, labels: Mapping[str, str] | None, model_name: str | None
    ) -> Classification:
        card, parts = self._models()
        name = self._part(parts, labels, model_name)
        if name is None:
            return Classification(
                label=None,
                confidence=0.0,
                scores=dict.fromkeys(labels or (), 0.0),
                reason=f"the model `{self._path}` knows none of the labels asked for",
            )
        found = parts[name].decide(text)
        if labels is not None:
            found = _among(found, labels)
        if found.label is not None and self._min_precision is not None:
            least = self._threshold(card, name, self._min_precision)
            if found.confidence < least:
                confidence, wanted = told_apart(found.confidence, least)
                return Classification(
                    label=None,
                    confidence=found.confidence,
                    scores=found.scores,
                    reason=_and(
                        found.reason,
                        f"`{found.label}` has a confidence of {confidence};"
                        f" for a precision of {self._min_precision:g} the model needs"
                        f" {wanted}",
                    ),
                )
        return Classification(
            label=found.label,
            confidence=found.confidence,
            scores=found.scores,
            reason=found.reason,
        )

    def _models(self) -> "tuple[dict[str, Any], dict[str, LinearModel]]":
        """Read once, and again when the file was replaced."""
        from otac.models.linear import read_models

        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if self._read is None or self._stamp != stamp:
                self._read = read_models(self._path)
                self._stamp = stamp
        except (BadModel, OSError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise Fail(
                f"the model `{self._path}` cannot be used: {reason}; `otac train` makes"
                " one"
            ) from None
        except ImportError:
            raise Fail(
                "`TrainedClassifier` needs the package `numpy`: install `otac[prefect]`"
            ) from None
        return self._read

    def _part(
        self,
        parts: "Mapping[str, LinearModel]",
        labels: Mapping[str, str] | None,
        model_name: str | None,
    ) -> str | None:
        if model_name is not None:
            if model_name not in parts:
                raise Fail(
                    f"the model `{self._path}` has no part `{printable(model_name)}`; it"
                    f" has {_listed(parts)}"
                )
            return model_name
        if labels is None:
            return next(iter(parts))
        common = {
            name: sum(label in labels for label in part.labels)
            for name, part in parts.items()
        }
        best = max(common, key=lambda name: common[name])
        # A model without priorities is asked for them by a step that does not know.
        return best if common[best] else None

    def _threshold(self, card: Mapping[str, Any], name: str, wanted: float) -> float:
        try:
            return promised_threshold(card, name, wanted)
        except BadModel as problem:
            raise Fail(f"the model `{self._path}` {problem}") from None


def _among(found: "Prediction", labels: Mapping[str, str]) -> "Prediction":
    """The same, without an answer where the best label is none of those asked for."""
    from otac.models.linear import Prediction

    if found.label is None or found.label in labels:
        return found
    return Prediction(
        None,
        found.confidence,
        found.scores,
        _and(found.reason, f"the model says `{found.label}`, which is not asked for"),
    )


def _and(first: str | None, second: str) -> str:
    return second if first is None else f"{first}; {second}"


def _listed(names: Any) -> str:
    shown = [f"`{printable(str(name))}`" for name in names]
    more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
    return ", ".join(shown[:8]) + more
