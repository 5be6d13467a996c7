"""Names of things outside of the configuration: queues, priorities, models.

What a parameter names, and what lists those that there are, is said by the component's own
schema (`x-names`, `x-lists`; see `config/schema.py`), so plugins' are checked as well.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from otac.catalogue import TICKET_SYSTEM, Catalogue
from otac.check.mentions import Mention, NameUse, Places, argument, slips, uses
from otac.config.schema import Schema
from otac.diagnostics.correction import is_slip
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.project import (
    Argument,
    Call,
    Component,
    Composite,
    Literal,
    Project,
    Runner,
    Service,
    Step,
    calls,
)
from otac.source.document import Document, Span

QUEUE, PRIORITY, MODEL = "queue", "priority", "model"

_SHORTEST_PRIORITY = 4
_ON_THE_HUB = re.compile(r"(?:(?P<owner>\w[\w.-]*)/)?(?P<model>\w[\w.-]*)")


def check_outside_names(
    project: Project, document: Document, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """Names that what is listed does not have, and those that look misspelt."""
    found = _Found(project, catalogue)
    places = Places(document)
    yield from _models(found, places)
    yield from _queues(found, places)
    yield from _priorities(found, places)
    yield from _unlisted(found)


class OutsideName(NamedTuple):
    """A name that the configuration gives to something that `service` has.

    `what` is `queue`, `priority`, `model` or another word of a schema's `x-names`.
    `may_be_new` tells of a place where some services make what is not there.
    """

    service: str
    what: str
    name: str
    span: Span
    may_be_new: bool = False


def outside_names(
    project: Project, document: Document, catalogue: Catalogue
) -> Iterator[OutsideName]:
    """Each name that is written out, for each service that has to know it, once a place.

    Where a parameter is left out, what it is without being given counts as well.
    """
    found, places = _Found(project, catalogue), Places(document)
    told: set[OutsideName] = set()
    for service, use in _to_services(found):
        span = places.of(use.mention)
        name = use.mention.text
        one = OutsideName(service.title, use.what, name, span, use.may_be_new)
        if one not in told:
            told.add(one)
            yield one


def _to_services(found: "_Found") -> Iterator[tuple[Service, NameUse]]:
    for service in found.services.values():
        properties = found.properties(service.component)
        for use in _all(service.arguments, properties, None):
            yield service, use
    for given in found.calls:
        named = {one.name for one in given.call.arguments}
        usual = [
            use
            for name, schema in given.properties.items()
            if name not in named and schema.default is not None
            for use in uses(
                Literal(schema.default, given.call.component.origin), schema, None
            )
        ]
        for service in found.injected(given.call):
            for use in (*given.uses, *usual):
                yield service, use


class _Given(NamedTuple):
    """A call with its parameters' schemas and the names in its arguments."""

    call: Call
    runner: Runner
    properties: Mapping[str, Schema]
    uses: tuple[NameUse, ...]


class _Found:
    """What the components of a project say about names."""

    def __init__(self, project: Project, catalogue: Catalogue) -> None:
        self.project = project
        self._catalogue = catalogue
        self.services = {service.title: service for service in project.services}
        self.calls = tuple(
            _Given(call, runner, properties, _all(call.arguments, properties, runner))
            for runner in project.runners
            for _, call in calls(runner.steps)
            if (properties := self.properties(call.component))
        )

    def properties(self, component: Component) -> Mapping[str, Schema]:
        """The schemas of a component's parameters."""
        info = self._catalogue.behind(component.module, component.name)
        if info is None or info.parameters is None:
            return {}
        return info.parameters.properties or {}

    def is_ticket_system(self, service: Service) -> bool:
        """Whether tickets come from it."""
        component = service.component
        info = self._catalogue.behind(component.module, component.name)
        return info is not None and info.kind == TICKET_SYSTEM

    def injected(self, call: Call) -> Iterator[Service]:
        """The services that a step is handed."""
        for injection in call.injections:
            service = self.services.get(injection.service)
            if service is not None:
                yield service

    def lister(self, service: Service, what: str) -> str | None:
        """The parameter that lists what a service has; None if it needs none for that."""
        found = self.properties(service.component).items()
        return next((name for name, schema in found if schema.lists == what), None)


def _all(
    arguments: tuple[Argument, ...],
    properties: Mapping[str, Schema],
    runner: Runner | None,
) -> tuple[NameUse, ...]:
    return tuple(
        use
        for one in arguments
        if one.name in properties
        for use in uses(one.value, properties[one.name], runner)
    )


# --- queues ----------------------------------------------------------------------------


def _queues(found: _Found, places: Places) -> Iterator[Diagnostic]:
    """Queues that the ticket system in use does not list, where it lists any.

    The list says where tickets may go. Where they arrive it need not, nor where a
    classifier shall not put them: there, only a name nearly as one of it is reported.
    """
    reported: set[tuple[object, ...]] = set()
    for given in found.calls:
        for service in found.injected(given.call):
            known = _listed(found, service)
            for use in given.uses if known else ():
                name, mention = use.mention.text, use.mention
                if use.what != QUEUE or name in known or mention.place in reported:
                    continue
                meant = next((one for one in known if is_slip(name, one)), None)
                if use.must_be_listed:
                    meant = meant or nearest(name, known)
                elif meant is None:
                    continue
                reported.add(mention.place)
                yield warning(
                    "OTC393",
                    f"`{service.title}` lists no queue `{name}`",
                    places.of(mention),
                    "not one of its `queues`",
                    help=f"did you mean `{meant}`?"
                    if meant is not None
                    else "name one of its queues, or add it there if tickets may go to"
                    " it",
                    suggestion=meant,
                )


def _listed(found: _Found, service: Service) -> tuple[str, ...]:
    """The queues that a service lists; none where it has them elsewhere."""
    lister = found.lister(service, QUEUE)
    if lister is None:
        return ()
    schema = found.properties(service.component)[lister]
    listed = uses(argument(service.arguments, lister), schema, None)
    return tuple(use.mention.text for use in listed)


def _unlisted(found: _Found) -> Iterator[Diagnostic]:
    """Steps that choose among the queues of a ticket system that cannot list any."""
    for given in found.calls:
        choosing = [name for name, one in given.properties.items() if one.chooses]
        told = {one.name for one in given.call.arguments if not _is_off(one)}
        if not choosing or not told.isdisjoint(choosing):
            continue
        services = [
            (service, lister)
            for service in found.injected(given.call)
            if (lister := found.lister(service, QUEUE)) is not None
        ]
        # A classifier that was trained on queues lists them too.
        if any(argument(one.arguments, lister) is not None for one, lister in services):
            continue
        mute = [each for each in services if found.is_ticket_system(each[0])]
        if not mute:
            continue
        service, lister = mute[0]
        listed = " or ".join(f"`{name}`" for name in choosing)
        yield error(
            "OTC394",
            f"`{service.title}` cannot be asked for its queues",
            given.call.component.origin,
            f"`{given.call.component.name}` is told none to choose from",
            labels=(Label(service.origin, "this ticket system"),),
            help=f"name them under `{lister}` of `{service.title}`, or write {listed}"
            " at the step",
        )


def _is_off(given: Argument) -> bool:
    """Whether a parameter is given what it is without being given anything."""
    return isinstance(given.value, Literal) and given.value.data in (None, False)


# --- priorities ------------------------------------------------------------------------


def _priorities(found: _Found, places: Places) -> Iterator[Diagnostic]:
    """Priorities that a step cannot find, or that are named otherwise elsewhere."""
    mentions: list[Mention] = []
    known: set[str] = set()
    reported: set[tuple[object, ...]] = set()
    for given in found.calls:
        mentions += (use.mention for use in given.uses if use.what == PRIORITY)
        names = {one.name for one in given.call.arguments}
        for name, schema in given.properties.items():
            if name not in names:
                known.update(_usual(schema))
        yield from _missing(given, places, reported)
    for mention, meant, first in slips(mentions, _is_slip, known):
        if mention.place in reported:
            continue
        yield warning(
            "OTC393",
            f"priority `{mention.text}` is named only here",
            places.of(mention),
            f"it is usually `{meant}`"
            if first is None
            else f"elsewhere it is `{meant}`",
            help=f"did you mean `{meant}`?",
            suggestion=meant,
            labels=() if first is None else (Label(places.of(first), "the other one"),),
        )


def _usual(schema: Schema) -> tuple[str, ...]:
    """The priorities that are meant where a parameter is not given."""
    if schema.lists == PRIORITY and isinstance(schema.default, list):
        return tuple(one for one in schema.default if isinstance(one, str))
    return schema.usual


def _is_slip(name: str, other: str, _times: int) -> bool:
    return is_slip(name, other, _SHORTEST_PRIORITY)


def _missing(
    given: _Given, places: Places, reported: set[tuple[object, ...]]
) -> Iterator[Diagnostic]:
    """A priority that is not among all those that the step knows: it would fail."""
    for lister, schema in given.properties.items():
        if schema.lists != PRIORITY:
            continue
        value = argument(given.call.arguments, lister, given.runner)
        listed = _usual(schema)
        if value is not None:
            if not isinstance(value, Literal) or not isinstance(value.data, list):
                continue
            listed = tuple(item for item in value.data if isinstance(item, str))
            if len(listed) < len(value.data):
                continue
        for use in given.uses:
            mention = use.mention
            if use.what != PRIORITY or not use.must_be_listed:
                continue
            if mention.text not in listed and mention.place not in reported:
                reported.add(mention.place)
                yield _unknown(mention, listed, places)
        names = {one.name for one in given.call.arguments}
        for name, other in given.properties.items():
            if (
                value is not None
                and listed
                and name not in names
                and other.names_what == PRIORITY
                and other.is_listed
                and isinstance(other.default, str)
                and other.default not in listed
            ):
                yield _without(name, Mention(other.default, value.origin), listed)


def _unknown(mention: Mention, listed: tuple[str, ...], places: Places) -> Diagnostic:
    meant = nearest(mention.text, listed)
    names = ", ".join(f"`{name}`" for name in listed)
    return warning(
        "OTC393",
        f"there is no priority `{mention.text}`",
        places.of(mention),
        "not one of the priorities that the step knows, so it would fail",
        help=f"did you mean `{meant}`?"
        if meant is not None
        else f"write one of {names}, or name all that there are under `priorities`",
        suggestion=meant,
    )


def _without(name: str, default: Mention, listed: tuple[str, ...]) -> Diagnostic:
    return warning(
        "OTC393",
        f"there is no priority `{default.text}`",
        default.origin,
        f"the step raises to it, as it has no `{name}`, and would fail",
        help=f"write `{name}: {listed[-1]}`, for example",
    )


# --- models ----------------------------------------------------------------------------


def _models(found: _Found, places: Places) -> Iterator[Diagnostic]:
    """Models that are written once and are most likely another one, misspelt."""
    for slip in slips(_named_models(found), _is_model_slip):
        name, meant = slip.mention.text, slip.meant
        yield warning(
            "OTC392",
            f"model `{name}` is named only here",
            places.of(slip.mention),
            f"elsewhere it is `{meant}`",
            help=f"did you mean `{meant}`?",
            suggestion=meant,
            labels=()
            if slip.first is None
            else (Label(places.of(slip.first), "the other one"),),
        )


def _is_model_slip(name: str, other: str, times: int) -> bool:
    return is_slip(name, other) or _has_another_owner(name, other, times)


def _has_another_owner(name: str, other: str, times: int) -> bool:
    """Whether only the owner differs: one is missing, or the other one is the usual."""
    one, two = _ON_THE_HUB.fullmatch(name), _ON_THE_HUB.fullmatch(other)
    if one is None or two is None or one["model"] != two["model"]:
        return False
    return times > 1 or one["owner"] is None or two["owner"] is None


def _named_models(found: _Found) -> Iterator[Mention]:
    """Also those in parameters of a runner or a composite that are called as those of a
    component that name one: they are handed on.
    """
    project = found.project
    calling: dict[str, Schema] = {}
    for component in _components(project):
        for name, schema in found.properties(component).items():
            if schema.names_what == MODEL:
                calling[name] = schema
    for service in (*project.services, *project.unused_services):
        properties = found.properties(service.component)
        yield from _of(service.arguments, properties, None)
    for runner in project.runners:
        yield from _of(runner.config, calling, runner)
        for parameter in runner.parameters:
            if parameter.name in calling and isinstance(parameter.default, str):
                yield Mention(parameter.default, parameter.origin)
        for config in _configs(runner.steps):
            yield from _of(config, calling, runner)
    for given in found.calls:
        yield from (use.mention for use in given.uses if use.what == MODEL)


def _of(
    arguments: tuple[Argument, ...],
    properties: Mapping[str, Schema],
    runner: Runner | None,
) -> Iterator[Mention]:
    for use in _all(arguments, properties, runner):
        if use.what == MODEL:
            yield use.mention


def _components(project: Project) -> Iterator[Component]:
    for service in (*project.services, *project.unused_services):
        yield service.component
    for runner in project.runners:
        yield from (call.component for _, call in calls(runner.steps))


def _configs(steps: tuple[Step, ...]) -> Iterator[tuple[Argument, ...]]:
    """The parameters of the composites among steps."""
    for step in steps:
        if isinstance(step.action, Composite):
            yield step.action.config
            yield from _configs(step.action.steps)
