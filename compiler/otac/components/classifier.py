"""What a classifier is to a component."""

from collections.abc import Mapping
from typing import Annotated, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field


class Classification(BaseModel):
    """What a classifier made of a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Annotated[
        str | None,
        Field(description="The best label; none if nothing speaks for any of them"),
    ]
    confidence: Annotated[
        float | None,
        Field(
            description="The probability that the label is right, from 0 to 1; none"
            " where the classifier cannot tell"
        ),
    ]
    scores: Annotated[
        dict[str, float], Field(description="Every label with its score, best first")
    ]
    reason: Annotated[
        str | None,
        Field(
            description="Why there is no label, or why the confidence is low or unknown"
        ),
    ] = None

    def reaches(self, least: float) -> bool:
        """Whether there is a label that is right with at least this probability.

        What is not known reaches nothing, not even 0.
        """
        return (
            self.label is not None
            and self.confidence is not None
            and self.confidence >= least
        )


@runtime_checkable
class Classifier(Protocol):
    """Puts a text under one of several labels."""

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        """The best of `labels` (label: what it stands for), or of its own labels.

        `model_name` is for classifiers that have more than one model.
        """
        ...


def told_apart(confidence: float, least: float) -> tuple[str, str]:
    """Both as people read them, with as many digits as show that they differ."""
    short = f"{confidence:.2f}", f"{least:.2f}"
    return short if short[0] != short[1] else (f"{confidence:.4f}", f"{least:.4f}")


def name_of(classifier: Classifier, model_name: str | None = None) -> str:
    """What to call a classifier where it has decided: its class, and its model if known."""
    kind = type(classifier).__name__
    model = model_name or getattr(classifier, "model_name", None)
    return f"{kind} {model}" if isinstance(model, str) else kind


def is_sure_by_itself(classifier: Classifier) -> bool:
    """Whether it answers only where it is as sure as it was told: no other threshold counts.

    Such a classifier says so by an attribute `sure_by_itself`.
    """
    return getattr(classifier, "sure_by_itself", False) is True


def knows_queues(classifier: Classifier) -> bool:
    """Whether its own labels are the helpdesk's queues: it was trained on them.

    Such a classifier says so by an attribute `labels_are_queues`.
    """
    return getattr(classifier, "labels_are_queues", False) is True


async def own_labels(
    classifier: Classifier, model_name: str | None = None
) -> tuple[str, ...]:
    """What it may answer with where it is not asked for certain labels; empty if unknown.

    A classifier that can say so has a method `own_labels`.
    """
    tell = getattr(classifier, "own_labels", None)
    return () if tell is None else tuple(await tell(model_name))
