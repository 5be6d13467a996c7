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
        float, Field(description="The best label's score, between 0 and 1")
    ]
    scores: Annotated[
        dict[str, float], Field(description="Every label with its score, best first")
    ]


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
