"""Models of `otac train`: whether they are there, and fit the helpdesk's queues."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from otac.check.mentions import Mention, argument, keys_of, text_at
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.project import (
    Call,
    Literal,
    MappingValue,
    Project,
    Runner,
    Service,
    calls,
)
from otac.models.card import (
    LEAST_PRECISION,
    MOST_PRECISION,
    BadModel,
    labels_on,
    promised_threshold,
    read_card,
)

CLASSIFIER = "TrainedClassifier"
_COMPONENTS = "otac.components"
_SHOWN = 5


class MissingModel(NamedTuple):
    """A model file that is not there."""


Card = Mapping[str, Any] | BadModel | MissingModel


def named_models(project: Project) -> list[Mention]:
    """The model files that classifiers name, in the configuration's order."""
    return [
        mention
        for service in _classifiers(project)
        for mention in text_at(argument(service.arguments, "model"), None)
    ]


def read_cards(project: Project, folder: Path) -> dict[str, Card]:
    """What is known of each model that is named. Paths are relative to the folder."""
    cards: dict[str, Card] = {}
    for mention in named_models(project):
        path = folder / mention.text
        try:
            cards[mention.text] = read_card(path) if path.exists() else MissingModel()
        except BadModel as problem:
            cards[mention.text] = problem
        except (OSError, ValueError):
            cards[mention.text] = BadModel("its name is none that a file can have")
    return cards


def check_trained_models(
    project: Project, cards: Mapping[str, Card]
) -> Iterator[Diagnostic]:
    """Models that are not there, cannot be used, or know other queues."""
    for service in _classifiers(project):
        for model in text_at(argument(service.arguments, "model"), None):
            match cards.get(model.text):
                case None:
                    continue
                case MissingModel():
                    yield warning(
                        "OTC610",
                        f"there is no model `{model.text}`",
                        model.origin,
                        "looked for next to the configuration",
                        help="`otac train` makes it; a run fails without",
                    )
                case BadModel() as problem:
                    yield _unusable(model, str(problem))
                case card:
                    yield from _check(project, service, model, card)


def _check(
    project: Project, service: Service, model: Mention, card: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    try:
        labels = labels_on(card)
    except BadModel as problem:
        yield _unusable(model, str(problem))
        return
    asked = [
        (call, runner)
        for runner in project.runners
        for _, call in calls(runner.steps)
        if _injected(call, "classification_service") == service.title
    ]
    decided = [
        part
        for part in labels
        if part != "priority"
        or not asked
        or any(_about_priority(*one) for one in asked)
    ]
    yield from _promise(service, card, decided)
    queues = labels.get("queue", ())
    for call, runner in asked if queues else ():
        yield from _unknown(project, call, runner, model, queues)


def _about_priority(call: Call, runner: Runner) -> bool:
    """Whether a step may ask for a priority: it does unless told of none."""
    match argument(call.arguments, "priorities", runner):
        case Literal(data={}) | MappingValue(entries=()):
            return False
    return True


def _promise(
    service: Service, card: Mapping[str, Any], parts: Iterable[str]
) -> Iterator[Diagnostic]:
    match argument(service.arguments, "min_precision"):
        case Literal(data=float() | int() as wanted, origin=origin):
            if not LEAST_PRECISION <= wanted <= MOST_PRECISION:
                # Refused already.
                return
            for part in parts:
                try:
                    promised_threshold(card, part, wanted)
                except BadModel as problem:
                    # Without a priority, a ticket is routed all the same.
                    say = error if part == "queue" else warning
                    yield say("OTC613", f"the model {problem}", origin)


def _unknown(
    project: Project,
    call: Call,
    runner: Runner,
    model: Mention,
    labels: tuple[str, ...],
) -> Iterator[Diagnostic]:
    """Labels that are none of the queues which a step, or its helpdesk, lists."""
    if (call.component.module, call.component.name) != (_COMPONENTS, "ProcessTickets"):
        return
    if argument(call.arguments, "queue_map", runner) is not None:
        return
    listed = set(keys_of(argument(call.arguments, "queues", runner)))
    by_step = bool(listed)
    system = _injected(call, "ticket_system")
    if not listed:
        for service in project.services:
            if service.title == system:
                listed = set(keys_of(argument(service.arguments, "queues")))
    if not listed:
        return
    intake = {
        one.text for one in text_at(argument(call.arguments, "queue", runner), None)
    }
    unknown = [label for label in labels if label not in listed | intake]
    if not unknown:
        return
    shown = ", ".join(f"`{label}`" for label in unknown[:_SHOWN])
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    similar = nearest(unknown[0], listed)
    where = f"the `queues` of `{runner.id}`" if by_step else f"the queues of `{system}`"
    # A step may name some queues only: tickets of the others then stay where they are.
    say = warning if by_step and len(unknown) < len(labels) else error
    yield say(
        "OTC612",
        f"model `{model.text}` answers with {shown}{more}, not among {where}",
        model.origin,
        "learned from tickets of other queues",
        help=(
            f"is `{unknown[0]}` called `{similar}` now? " if similar is not None else ""
        )
        + "train the model again, add the queue, or map the labels with `queue_map`",
    )


def _unusable(model: Mention, reason: str) -> Diagnostic:
    return error(
        "OTC611",
        f"the model `{model.text}` cannot be used: {reason}",
        model.origin,
        help="`otac train` makes it again",
    )


def _classifiers(project: Project) -> Iterator[Service]:
    for service in (*project.services, *project.unused_services):
        component = service.component
        if component.module == _COMPONENTS and component.name == CLASSIFIER:
            yield service


def _injected(call: Call, parameter: str) -> str:
    return next((i.service for i in call.injections if i.parameter == parameter), "")
