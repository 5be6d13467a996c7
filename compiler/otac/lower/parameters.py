"""The parameters of a component, checked against what it takes."""

from collections.abc import Mapping
from functools import cache
from math import isfinite
from types import MappingProxyType

from otac.catalogue import ComponentInfo
from otac.config.decode import STEP_KEYS
from otac.config.model import Located, ParameterConfig
from otac.config.other_words import meant_entry, other_word
from otac.config.schema import Schema, compile_schema, configuration_schema
from otac.config.shape import Lost, check_shape
from otac.config.shape_findings import listed
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.diagnostics.edit import How, Reshaping, Safety, replacement
from otac.diagnostics.suggest import nearest
from otac.dialects.names import older_parameters, todays_parameter
from otac.lower.context import Context
from otac.lower.literal_values import is_template, lower_value, odd_value
from otac.lower.project import Argument, Template
from otac.source.document import Json, Scalar, Span
from otac.source.secrets import looks_secret

# Parameters that say which queue, and how.
_QUEUES = {"queue": "{}", "ticket_search_criteria": "{{queue: {{name: {}}}}}"}


def lower_parameters(
    context: Context,
    parameters: tuple[ParameterConfig, ...],
    info: ComponentInfo | None,
    use: Located[str],
    whole: Span,
    injected: tuple[str, ...],
    keys: frozenset[str],
    dropped: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Argument, ...]:
    """The arguments of a component.

    `dropped` are keys that have no effect there, each with the reason.
    `whole` is the step or service they belong to; `injected` are parameters that services
    fill; `keys` are the other keys that may stand there.
    """
    schema = None if info is None else info.parameters
    if schema is None:
        if keys is STEP_KEYS:
            warn_of_near_keys(context, parameters)
        return _arguments(parameters)
    # Before anything is taken out: what a refused part asks for is asked for.
    properties = schema.properties or {}
    arguments = tuple(
        _deferred(argument, properties) for argument in _arguments(parameters)
    )
    services = () if info is None else tuple(info.services)
    misspelt: set[str | None] = set()
    for parameter in parameters:
        name = parameter.name
        known = properties.get(name)
        if known is not None:
            value = parameter.value
            if isinstance(value, Scalar) and (
                is_template(value.text) or odd_value(value) is not None
            ):
                continue
            shape = check_shape(value, known, f"`{parameter.shown}`", templates=True)
            context.diagnostics.extend(shape.diagnostics)
        elif schema.additional is False:
            if name in services:
                context.report(_is_a_service(parameter, use))
            else:
                meant = _unknown(
                    context, parameter, use, (*properties, *services), keys, dropped
                )
                misspelt.add(todays_parameter(use.shown, meant))
                if meant in keys:
                    context.lost.append(Lost(meant, whole))
    given = {parameter.name for parameter in parameters} | set(injected) | misspelt
    missing = [name for name in schema.required if name not in given]
    if missing and not context.damaged(whole):
        names = " and ".join(f"`{name}`" for name in missing)
        context.report(
            error(
                "OTC322",
                f"`{use.shown}` needs {names}",
                use.span,
                f"{names} {'is' if len(missing) == 1 else 'are'} missing",
                help=f"add `{missing[0]}:` beside `use`",
                proposed=_placeholder(missing, parameters, use.span),
            )
        )
    return arguments


def _placeholder(
    missing: list[str], parameters: tuple[ParameterConfig, ...], use: Span
) -> Reshaping | None:
    """A variable of the environment for what only the helpdesk's owner knows.

    A credential must not stand in the file anyway.
    """
    name = missing[0]
    if name in _QUEUES:
        variable, pattern = "HELPDESK_QUEUE", _QUEUES[name]
    elif looks_secret(name):
        variable, pattern = f"HELPDESK_{name.upper()}", "{}"
    else:
        return None
    value = pattern.format(f"\"{{{{ get_env('{variable}') }}}}\"")
    reason = f"set `{variable}` where runs happen"
    place = next((p.key.span for p in parameters if p.key.span.via is None), None)
    if place is not None:
        written = f"{name}: {value}"
        return Reshaping(How.BEFORE, place, written, Safety.PLACEHOLDER, reason)
    written = f"params: {{{name}: {value}}}"
    return Reshaping(How.BESIDE, use, written, Safety.PLACEHOLDER, reason)


def warn_of_near_keys(
    context: Context, parameters: tuple[ParameterConfig, ...]
) -> frozenset[str]:
    """Warn of parameters that look like a misspelt key of a step; which ones.

    Where a component's parameters are not known, every key is taken for one of them.
    """
    found: set[str] = set()
    for parameter in parameters:
        if not parameter.is_beside:
            continue
        similar = nearest(parameter.name, sorted(STEP_KEYS))
        if similar is not None:
            found.add(parameter.name)
            context.report(
                warning(
                    "OTC334",
                    f"`{parameter.shown}` is read as a parameter",
                    parameter.key.span,
                    "steps have no key of this name",
                    help=f"did you mean `{similar}`?",
                    suggestion=similar,
                )
            )
    return frozenset(found)


def _arguments(parameters: tuple[ParameterConfig, ...]) -> tuple[Argument, ...]:
    return tuple(Argument(p.name, lower_value(p.value)) for p in parameters)


def _deferred(argument: Argument, properties: Mapping[str, Schema]) -> Argument:
    """The argument; a template that the component renders itself is one of that kind."""
    known = properties.get(argument.name)
    if known is None or not known.template or not isinstance(argument.value, Template):
        return argument
    value = argument.value._replace(given=known.template)
    return argument._replace(value=value)


@cache
def step_schema() -> Schema:
    """What a step may have."""
    return compile_schema({**configuration_schema(), "$ref": "#/$defs/step"})


def _is_a_service(parameter: ParameterConfig, use: Located[str]) -> Diagnostic:
    value = parameter.value
    is_id = isinstance(value, Scalar) and value.text and not is_template(value.text)
    service = value.text if isinstance(value, Scalar) and is_id else "..."
    written = f"injects: {{{parameter.name}: {service}}}"
    place = parameter.key.span
    whole = Span(place.start, max(place.end, value.end), place.via)
    return error(
        "OTC321",
        f"`{parameter.shown}` of `{use.shown}` is a service",
        parameter.key.span,
        "services are handed over by `injects`",
        help=f"write `{written}`",
        proposed=replacement(whole, written) if is_id else None,
    )


def _unknown(
    context: Context,
    parameter: ParameterConfig,
    use: Located[str],
    known: tuple[str, ...],
    keys: frozenset[str],
    dropped: Mapping[str, str],
) -> str | None:
    """Report a parameter and return the one that was probably meant."""
    older = older_parameters(use.shown)
    similar = nearest(parameter.shown, [*known, *older, *sorted(keys)])
    place = parameter.key.span
    whole = other = None
    if keys is STEP_KEYS:
        whole = meant_entry(parameter.key, parameter.value, step_schema())
        # A word of another tool for a key of steps: `when`, `foreach`, `name`.
        other = other_word(parameter.shown, step_schema())
        similar = other or similar
    certain = whole or other
    if whole is not None:
        similar = whole.partition(":")[0]
        place = Span(place.start, max(place.end, parameter.value.end), place.via)
        help_text = f"write `{whole}`"
    elif similar is not None:
        help_text = f"did you mean `{similar}`?"
    elif known:
        help_text = f"it takes {listed(parameter.shown, known, '`otac components`')}"
    else:
        help_text = "it takes no parameters"
    context.report(
        error(
            "OTC321",
            f"`{use.shown}` has no parameter `{parameter.shown}`",
            place,
            "neither a parameter of the component nor a key of a step"
            if keys is STEP_KEYS
            else "not one of its parameters",
            help=help_text,
            suggestion=whole or similar,
            proposed=replacement(place, certain)
            if certain is not None
            else _without(parameter, dropped),
        )
    )
    return similar


def _without(
    parameter: ParameterConfig, dropped: Mapping[str, str]
) -> Reshaping | None:
    reason = dropped.get(parameter.name)
    if reason is None:
        return None
    place, value = parameter.key.span, parameter.value.span
    return Reshaping(How.WITHOUT, place, parameter.shown, Safety.CONFIRM, reason, value)


# What may be given for a parameter of a flow, by the type that the flow declares.
# In the words of a configuration.
KINDS = {
    "str": "text",
    "bool": "`true` or `false`",
    "int": "a whole number",
    "float": "a number",
    "list[Any]": "a list",
    "dict[str, Any]": "a mapping",
}


def fits(annotation: str, value: Json) -> bool:
    """Whether Prefect takes a value for a parameter of this type.

    It asks the JSON Schema of the flow, for which 1.0 is a whole number.
    """
    match annotation:
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            is_whole = isinstance(value, float) and value.is_integer()
            return is_whole or (isinstance(value, int) and not isinstance(value, bool))
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "list[Any]":
            return isinstance(value, list)
        case "dict[str, Any]":
            return isinstance(value, dict)
        case _:
            return True


def is_json(value: Json) -> bool:
    """Whether Prefect can store it: JSON has no infinite number, and none that is not one,
    and Prefect's takes whole numbers of 64 bits."""
    match value:
        case bool():
            return True
        case int():
            return -(2**63) <= value < 2**64
        case float():
            return isfinite(value)
        case dict():
            return all(is_json(item) for item in value.values())
        case list():
            return all(is_json(item) for item in value)
        case _:
            return True
