"""`Classify`: puts a text under one of several labels."""

from typing import Annotated

from pydantic import Field

from otac.components.classifier import Classification, Classifier
from otac.components.component import Component, Parameters
from otac.components.handled import report
from otac.components.label_map import find


class Classified(Classification):
    """What a classifier made of a text, and what that means in the helpdesk."""

    target: Annotated[
        str | None,
        Field(
            description="What `label_map` has for the label, or the label itself without"
            " one; none if it is not certain enough or no rule fits"
        ),
    ] = None


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
            Field(
                description="For classifiers that have more than one model",
                json_schema_extra={"x-names": "model"},
            ),
        ] = None
        label_map: Annotated[
            dict[str, str] | None,
            Field(
                description="What a label is called in the helpdesk: labels, or patterns"
                " such as `Science/*` and `*`, the first that fits counts"
            ),
        ] = None
        min_confidence: Annotated[
            float | None,
            Field(ge=0, le=1, description="Below this, there is no `target`"),
        ] = None

    Result = Classified

    params: Params
    classification_service: Classifier

    async def run(self) -> Classified:
        """Without `min_confidence`, the configuration says whether it is enough."""
        found = await self.classification_service.classify(
            self.params.text,
            labels=self.params.labels,
            model_name=self.params.model_name,
        )
        report(label=found.label, confidence=found.confidence)
        return Classified(**dict(found), target=self._target(found))

    def _target(self, found: Classification) -> str | None:
        least, rules = self.params.min_confidence, self.params.label_map
        if found.label is None or (least is not None and not found.reaches(least)):
            return None
        if rules is None:
            return found.label
        target = find(rules, found.label)
        return None if target is None else target.name
