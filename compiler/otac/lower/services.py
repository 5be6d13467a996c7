"""Services, and which of them a component gets."""

import re
from collections.abc import Mapping

from otac.catalogue import (
    CLASSIFIER,
    NOTIFIER,
    TICKET_SYSTEM,
    UNKNOWN,
    ComponentInfo,
    ServiceSlot,
)
from otac.config.model import InjectionConfig, Located, ServiceConfig
from otac.diagnostics.diagnostic import Label, error, note
from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.suggest import Unclear, nearest
from otac.lower.components import resolve
from otac.lower.context import Context
from otac.lower.literal_values import is_template, warn_of_literals
from otac.lower.parameters import lower_parameters
from otac.lower.project import Argument, Component, Injection, Literal, Service
from otac.source.document import Span

_DATABASE = "helpdesk.db"
# What a parameter of a service may have been meant for.
_KEYS = frozenset(("params",))
_EMBEDDED = {TICKET_SYSTEM: "a ticket system", CLASSIFIER: "a classifier"}
# What is put in where a configuration names a service that it does not define: what to
# `use`, and the variables that hold the rest.
_STUBS: dict[str, tuple[str, dict[str, str]]] = {
    TICKET_SYSTEM: (
        "OTOBOZnunyTicketSystem",
        {
            "base_url": "HELPDESK_URL",
            "username": "HELPDESK_USERNAME",
            "password": "HELPDESK_PASSWORD",
        },
    ),
    CLASSIFIER: ("HuggingFaceClassifier", {}),
}
_NEW_NAMES = {TICKET_SYSTEM: "helpdesk", CLASSIFIER: "classifier"}
_KIND_WORDS = {**_EMBEDDED, NOTIFIER: "a notifier"}


class ServiceLowering:
    """The services of a configuration, and the embedded ones that steps turn out to need."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._configs: dict[str, ServiceConfig] = {}
        self._kinds: dict[str, str] = {}
        # What the class of a service has, where all of that is known.
        self._methods: dict[str, frozenset[str]] = {}
        self._refused: set[str] = set()
        self._lowered: dict[str, Service] = {}
        self._used: set[str] = set()
        for service in context.config.services:
            self._add(service)

    @property
    def used(self) -> tuple[Service, ...]:
        """What some step uses, in the order of the file, embedded ones last."""
        return tuple(s for s in self._lowered.values() if s.title in self._used)

    @property
    def unused(self) -> tuple[Service, ...]:
        """What no step uses."""
        return tuple(s for s in self._lowered.values() if s.title not in self._used)

    def injections(
        self,
        info: ComponentInfo | None,
        injects: tuple[InjectionConfig, ...],
        use: Located[str],
    ) -> tuple[Injection, ...]:
        """What a step's component gets: what `injects` says, else what fits."""
        slots: Mapping[str, ServiceSlot] = {} if info is None else info.services
        given: dict[str, Injection] = {}
        for injection in injects:
            parameter = injection.parameter
            if parameter.value not in slots and info is not None and _is_closed(info):
                self._unknown_slot(parameter, slots, use)
            elif self._check_service(injection, slots.get(parameter.value), use):
                given[parameter.value] = Injection(
                    parameter.value, injection.service.value
                )
        refused = {injection.parameter.value for injection in injects}
        for parameter_name, slot in slots.items():
            if slot.required and parameter_name not in refused:
                service = self._fitting(parameter_name, slot, use, bool(injects))
                if service is not None and self._has_all(service, slot, use, use.span):
                    given[parameter_name] = Injection(parameter_name, service)
        self._used.update(injection.service for injection in given.values())
        return tuple(given.values())

    def _add(self, service: ServiceConfig) -> None:
        title = service.id.value
        first = self._configs.get(title)
        if first is not None:
            self._context.report(
                error(
                    "OTC310",
                    f"service `{title}` is defined twice",
                    service.id.span,
                    "ids of services are unique",
                    labels=(Label(first.id.span, "first defined here"),),
                )
            )
            return
        self._configs[title] = service
        resolved = resolve(self._context, service.use)
        if resolved is None:
            self._kinds[title] = UNKNOWN
            self._refused.add(title)
            return
        self._kinds[title] = UNKNOWN if resolved.info is None else resolved.info.kind
        if resolved.info is not None and resolved.info.methods is not None:
            self._methods[title] = resolved.info.methods
        if self._kinds[title] == "pipe":
            self._not_a_service(service)
            self._kinds[title] = UNKNOWN
            self._refused.add(title)
            return
        arguments = lower_parameters(
            self._context,
            service.parameters,
            resolved.info,
            service.use,
            service.span,
            (),
            _KEYS,
        )
        warn_of_literals(self._context, service.parameters, title)
        self._lowered[title] = Service(
            title,
            resolved.component,
            arguments,
            service.id.span,
            self._kinds[title],
            _parameter_names(resolved.info),
        )

    def _not_a_service(self, service: ServiceConfig) -> None:
        self._context.report(
            error(
                "OTC326",
                f"`{service.use.shown}` is a pipe and no service",
                service.use.span,
                "pipes are used by steps",
                help="name a ticket system or a classifier here",
            )
        )

    def _check_service(
        self, injection: InjectionConfig, slot: ServiceSlot | None, use: Located[str]
    ) -> bool:
        service = injection.service
        if service.value not in self._configs:
            if "services" in self._context.config.damaged_sections:
                return False
            if is_template(service.value):
                self._computed(service, slot)
                return False
            similar = nearest(service.value, self._configs)
            self._context.report(
                error(
                    "OTC324",
                    f"service `{service.value}` is not defined",
                    service.span,
                    "no entry of `services` has this id",
                    help=f"did you mean `{similar}`?"
                    if similar
                    else "define it under `services`",
                    suggestion=similar,
                    proposed=None
                    if similar or slot is None
                    else _stub(service.value, slot.kind, service.span),
                )
            )
            return False
        kind = self._kinds[service.value]
        if slot is not None and UNKNOWN not in (kind, slot.kind) and kind != slot.kind:
            config = self._configs[service.value]
            self._context.report(
                error(
                    "OTC326",
                    f"service `{service.value}` is not {_KIND_WORDS[slot.kind]}",
                    service.span,
                    f"`{injection.parameter.shown}` takes {_KIND_WORDS[slot.kind]}",
                    labels=(Label(config.use.span, f"this is {_KIND_WORDS[kind]}"),),
                )
            )
            return False
        return slot is None or self._has_all(service.value, slot, use, service.span)

    def _has_all(
        self, title: str, slot: ServiceSlot, use: Located[str], place: Span
    ) -> bool:
        """Whether a service has every method that a component will ask it for."""
        missing = sorted(slot.methods - self._methods.get(title, slot.methods))
        if not missing:
            return True
        names = ", ".join(f"`{name}`" for name in missing)
        service = self._configs[title].use
        self._context.report(
            error(
                "OTC326",
                f"service `{title}` cannot serve `{use.shown}`",
                place,
                f"it lacks {names}",
                help="docs/components.md tells what each method does",
                labels=(Label(service.span, "its class is this"),),
            )
        )
        return False

    def _computed(self, service: Located[str], slot: ServiceSlot | None) -> None:
        """An expression where the id of a service belongs; it may hold the id."""
        words = re.findall(r"[\w.-]+", service.shown)
        named = next((title for title in self._configs if title in words), None)
        if named is None and slot is not None:
            fitting = [t for t, kind in self._kinds.items() if kind == slot.kind]
            named = Unclear(fitting[0]) if len(fitting) == 1 else None
        self._context.report(
            error(
                "OTC324",
                "a service is named by its id",
                service.span,
                "an expression is not rendered here",
                help=f"write `{named}`" if named else "write the id of a service",
                suggestion=named,
            )
        )

    def _unknown_slot(
        self,
        parameter: Located[str],
        slots: Mapping[str, ServiceSlot],
        use: Located[str],
    ) -> None:
        names = list(slots)
        similar = nearest(parameter.value, names)
        known = ", ".join(f"`{name}`" for name in names)
        self._context.report(
            error(
                "OTC325",
                f"`{use.shown}` takes no service `{parameter.shown}`",
                parameter.span,
                f"it takes {known}" if names else "it takes no services",
                help=f"did you mean `{similar}`?" if similar else None,
                suggestion=similar,
            )
        )

    def _fitting(
        self, parameter: str, slot: ServiceSlot, use: Located[str], has_injects: bool
    ) -> str | None:
        """The service of the slot's kind; the embedded one where none is defined.

        `has_injects`: the step has `injects`, and this parameter is not in it.
        """
        fitting = [
            title
            for title, kind in self._kinds.items()
            if kind == slot.kind or (kind == UNKNOWN and self._may_serve(title, slot))
        ]
        certain = [title for title in fitting if self._kinds[title] == slot.kind]
        if parameter in fitting:
            return parameter
        if len(certain) == 1:
            return certain[0]
        embeds = self._context.config.embeds
        if not fitting and slot.kind in _EMBEDDED and embeds:
            return self._embedded(parameter, slot.kind, use.span)
        lost = "services" in self._context.config.damaged_sections
        if not lost and self._refused.isdisjoint(fitting):
            self._undecided(parameter, slot, use, fitting, has_injects)
        return None

    def _may_serve(self, title: str, slot: ServiceSlot) -> bool:
        """Whether the class of a service has all methods, as far as they are known."""
        return slot.methods <= self._methods.get(title, slot.methods)

    def _undecided(
        self,
        parameter: str,
        slot: ServiceSlot,
        use: Located[str],
        fitting: list[str],
        has_injects: bool,
    ) -> None:
        kind = _KIND_WORDS.get(slot.kind, "a service")
        listed = ", ".join(f"`{title}`" for title in fitting)
        advice = "define one under `services` and name it under `injects`"
        if fitting:
            entry = f"{parameter}: {fitting[0]}"
            advice = f"write `injects: {{{entry}}}`"
            if has_injects:
                advice = f"add `{entry}` to `injects`"
        if all(self._kinds[title] == UNKNOWN for title in fitting) and slot.methods:
            # An advice that may be wrong says on what that depends.
            methods = ", ".join(f"`{name}`" for name in sorted(slot.methods))
            advice += f", if its class has {methods}" if fitting else ""
        self._context.report(
            error(
                "OTC327",
                f"`{use.shown}` needs {kind}, and it is not clear which"
                if listed
                else f"`{use.shown}` needs {kind}, and none is defined",
                use.span,
                f"it could be {listed}" if listed else "no service fits",
                help=advice,
                proposed=Reshaping(
                    How.BESIDE,
                    use.span,
                    f"injects: {{{parameter}: {fitting[0]}}}",
                    Safety.CONFIRM,
                    f"it could be {listed}",
                )
                if fitting
                else _stub(_NEW_NAMES.get(slot.kind, parameter), slot.kind, use.span),
            )
        )

    def _embedded(self, parameter: str, kind: str, place: Span) -> str:
        title = parameter
        arguments: tuple[Argument, ...]
        if kind == TICKET_SYSTEM:
            folder = self._context.options.config_folder
            path = _DATABASE if folder == "." else f"{folder}/{_DATABASE}"
            name = "SqliteTicketSystem"
            arguments = (Argument("path", Literal(path, place)),)
            where = f"tickets are kept in `{_DATABASE}` next to the configuration"
        else:
            name, arguments = "EmbeddingClassifier", ()
            where = "texts are classified by the embedded `EmbeddingClassifier`"
        self._context.report(
            note(
                "OTC330",
                f"no {kind.replace('_', ' ')} under `services`: {where}",
                place,
                f"this needs {_KIND_WORDS[kind]}",
                help="define one under `services` to use another",
            )
        )
        self._kinds[title] = kind
        component = Component("otac.components", name, place)
        self._lowered[title] = Service(title, component, arguments, place, kind)
        return title


def _stub(title: str, kind: str, place: Span) -> Reshaping | None:
    """A service of this kind with everything that only its owner knows left open."""
    if kind not in _STUBS:
        return None
    component, variables = _STUBS[kind]
    lines = [f"use: {component}"]
    if variables:
        lines.append("params:")
    for key, name in variables.items():
        lines.append(f"  {key}: \"{{{{ get_env('{name}') }}}}\"")
    named = " and ".join(f"`{name}`" for name in variables.values())
    reason = f"set {named} where runs happen" if named else "see that the model fits"
    return Reshaping(
        How.SERVICE, place, title, Safety.PLACEHOLDER, reason, lines=tuple(lines)
    )


def _is_closed(info: ComponentInfo) -> bool:
    return info.parameters is not None and info.parameters.additional is False


def _parameter_names(info: ComponentInfo | None) -> frozenset[str]:
    """The names of the parameters that a component is known to have."""
    schema = info.parameters if info is not None else None
    return frozenset((schema and schema.properties) or ())
