"""`Classify`: puts a text under one of several labels."""

from typing import Annotated

from pydantic import Field

from otac.components.classifier import Classification, Classifier
from otac.components.component import Component, Parameters
from otac.components.handled import report


class Classify(Component):
    """Puts a text under one of several labels."""

    class Params(Parameters):
        text: Annotated[str, Field(description="What to classify")]
        labels: Annotated[
            dict[str, str] | None,
            Field(
                description="The labels to choose from and what each stands for;"
                " without them, the classifier's own"
            ),
        ] = None
        model_name: Annotated[
            str | None,
            Field(description="For classifiers that have more than one model"),
        ] = None

    Result = Classification

    params: Params
    classification_service: Classifier

    async def run(self) -> Classification:
        """Whether the confidence is enough is for the configuration to say."""
        found = await self.classification_service.classify(
            self.params.text,
            labels=self.params.labels,
            model_name=self.params.model_name,
        )
        report(label=found.label, confidence=found.confidence)
        return found
