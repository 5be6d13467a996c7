"""What classifiers say in a trial, and what the runner would do if they were surer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from otac.components.classifier import Classification, Classifier
from otac.trial.plan import ServiceEntry


class ClassifierQuestion(NamedTuple):
    """What a classifier is asked, apart from the text. Queue and priority differ in it.

    `labels` are None where the classifier has labels of its own.
    """

    service: str
    model: str | None
    labels: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ClassifierAnswer:
    """What a classifier made of a text, whatever the runner was told."""

    question: ClassifierQuestion
    text: str
    made: Classification


@dataclass(slots=True)
class Asking:
    """Listens to every classifier of the trials.

    The runner is told what the classifier says, or, where `sure` has a confidence for the
    question, the same label with that confidence. A text that has been classified is not
    classified again. `answers` are those since they were last emptied.
    """

    answers: list[ClassifierAnswer] = field(default_factory=list)
    sure: Callable[[ClassifierQuestion], float | None] = lambda _: None
    _known: dict[tuple[ClassifierQuestion, str], Classification] = field(
        default_factory=dict
    )

    def listen(self, entry: ServiceEntry, service: Any) -> None:
        """Listen to a service, if it is a classifier."""
        if isinstance(service, Classifier):
            # On the object itself, so that it stays of its class.
            heard = self._heard(entry.id, service.classify)
            setattr(service, "classify", heard)  # noqa: B010  it has no such variable

    def _heard(
        self, service: str, classify: Callable[..., Awaitable[Classification]]
    ) -> Callable[..., Awaitable[Classification]]:
        async def heard(
            text: str,
            *,
            labels: Mapping[str, str] | None = None,
            model_name: str | None = None,
        ) -> Classification:
            among = None if labels is None else frozenset(labels)
            question = ClassifierQuestion(service, model_name, among)
            made = self._known.get((question, text))
            if made is None:
                made = await classify(text, labels=labels, model_name=model_name)
                self._known[question, text] = made
            self.answers.append(ClassifierAnswer(question, text, made))
            sure = self.sure(question)
            return made if sure is None else _with(made, sure)

        return heard


def _with(made: Classification, confidence: float) -> Classification:
    """The same label, as sure as that; no label stays none."""
    if made.label is None:
        return made
    scores = {**dict.fromkeys(made.scores, 0.0), made.label: confidence}
    best_first = dict(sorted(scores.items(), key=lambda item: -item[1]))
    return made.model_copy(update={"confidence": confidence, "scores": best_first})
