"""The parameters of a flow: declared, or made from those of its only component."""

import re
import unicodedata
from collections.abc import Iterator

from otac.catalogue import ComponentInfo
from otac.config.model import ParameterConfig, RunnerConfig
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.diagnostics.suggest import nearest
from otac.lower.context import Context
from otac.lower.literal_values import lower_value, warn_of_stored_literals
from otac.lower.parameters import KINDS, fits, is_json
from otac.lower.project import (
    Argument,
    Call,
    Composite,
    FlowArgument,
    ListValue,
    Literal,
    MappingValue,
    Parameter,
    Step,
    Template,
    Value,
)
from otac.lower.reserved import KEYWORDS
from otac.source.document import Json, Scalar
from otac.source.secrets import looks_secret

# What calling a flow means to Prefect, whatever the flow's own parameters are.
_PREFECT_ARGUMENTS = frozenset(("wait_for", "return_state"))
# Prefect leaves the first two out, and makes a pydantic model of the others, in which
# these names mean something else.
_MODEL_NAMES = frozenset(
    (
        "cls",
        "self",
        "model_config",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields_set",
        "model_post_init",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
    )
)
_AT_THE_STEP = "write `\"{{ get_env('...') }}\"` at the step that needs it instead"
_ANNOTATIONS = {str: "str", bool: "bool", int: "int", float: "float"}


def declared_parameters(
    context: Context, config: RunnerConfig
) -> tuple[Parameter, ...]:
    """The runner's own `parameters`."""
    warn_of_stored_literals(context, config.parameters, _AT_THE_STEP)
    parameters: list[Parameter] = []
    for parameter in config.parameters:
        name = parameter.name
        value = lower_value(parameter.value)
        refused = _refused_name(parameter.key)
        if refused is not None:
            context.report(refused)
        elif not isinstance(value, Literal):
            context.report(
                error(
                    "OTC361",
                    f"the default of parameter `{name}` is an expression",
                    parameter.value.span,
                    "Prefect stores it as it is; nothing would render it",
                    help="write a plain value here, and the expression at the step",
                )
            )
        else:
            annotation = _annotation(value.data, name, None)
            parameters.append(
                Parameter(name, annotation, value.data, parameter.value.span)
            )
    return tuple(parameters)


def expose(
    context: Context,
    given: tuple[ParameterConfig, ...],
    call: Call,
    declared: tuple[Parameter, ...],
) -> tuple[Call, tuple[Parameter, ...]]:
    """Make the plain parameters of a runner's only component the flow's own.

    So the guide's `queue: "my-queue"` can be changed for one run in Prefect. Nothing that
    looks like a credential becomes one: Prefect stores flow parameters.
    """
    info = context.catalogue.built_in(call.component.name)
    if info is not None and info.module != call.component.module:
        info = None  # a component of the user's of the same name
    names = {parameter.name: parameter for parameter in declared}
    keys = {parameter.name: parameter.key for parameter in given}
    parameters = list(declared)
    arguments: list[Argument] = []
    for argument in call.arguments:
        value = argument.value
        if not (
            isinstance(value, Literal)
            and isinstance(value.data, str | int | float)
            and is_json(value.data)
            and _refused_name(keys[argument.name]) is None
            and not looks_secret(argument.name)
        ):
            arguments.append(argument)
            continue
        if argument.name not in names:
            annotation = _annotation(value.data, argument.name, info)
            parameters.append(
                Parameter(argument.name, annotation, value.data, value.origin)
            )
        elif names[argument.name].default != value.data:
            context.report(_two_values(keys[argument.name], names[argument.name]))
        flow_argument = FlowArgument(argument.name, value.origin)
        arguments.append(Argument(argument.name, flow_argument))
    return call._replace(arguments=tuple(arguments)), tuple(parameters)


def _refused_name(key: Scalar) -> Diagnostic | None:
    """Why a name cannot be a parameter of a flow; None where it can."""
    name = key.text
    help_text = "use letters, digits and `_`, and no word of Python's own"
    suggestion = None
    if name in _PREFECT_ARGUMENTS:
        label = "Prefect itself takes an argument of this name for every flow"
        suggestion = f"{name}_"
    elif not name.isidentifier() or name in KEYWORDS:
        label = "it becomes a parameter of a Python function"
    elif name.startswith("_"):
        label = "Prefect refuses parameters that start with `_`"
        suggestion = name.lstrip("_")
        suggestion = suggestion if suggestion.isidentifier() else None
    elif name in _MODEL_NAMES:
        label = "Prefect cannot store a parameter of this name"
        suggestion = f"{name}_"
    elif unicodedata.normalize("NFKC", name) != name:
        label = "Python would read other characters in their place"
        suggestion = unicodedata.normalize("NFKC", name)
    else:
        return None
    return error(
        "OTC360",
        f"`{name}` cannot be the name of a parameter",
        key.span,
        label,
        help=f"write `{suggestion}`, for example" if suggestion else help_text,
        suggestion=suggestion,
    )


def _two_values(key: Scalar, declared: Parameter) -> Diagnostic:
    return warning(
        "OTC357",
        f"`{key.text}` has two values",
        key.span,
        "not used: the flow's parameter of this name is handed over",
        labels=(Label(declared.origin, "this one is used"),),
        help="keep one of them",
    )


def _annotation(data: Json, name: str, info: ComponentInfo | None) -> str:
    """The Python type of a flow parameter, wide enough for what the component takes."""
    if info is not None and info.parameters is not None and type(data) is int:
        schema = (info.parameters.properties or {}).get(name)
        if schema is not None and "number" in (schema.types or ()):
            return "float"
    if isinstance(data, list):
        return "list[Any]"
    if isinstance(data, dict):
        return "dict[str, Any]"
    return _ANNOTATIONS.get(type(data), "Any")


# Parameters of a composite that speak of its own steps, such as the text of a note.
#
# When the composite begins, none of its steps has run. What such a parameter asks for
# is there by the time a step reads it, and it is rendered then.
_RESULT = re.compile(
    r"\b(?:get_pipe_result|pipe_result|has_failed|has_succeeded)\(\s*(['\"])([\w.-]+)\1"
)
_PARAMETER = re.compile(r"\bconfig(?:\.|\[['\"])(\w+)")


def with_late(
    config: tuple[Argument, ...],
    steps: tuple[Step, ...],
    earlier: frozenset[str] = frozenset(),
    around: frozenset[str] = frozenset(),
) -> tuple[tuple[Argument, ...], tuple[Step, ...]]:
    """The parameters and the steps of a list, those that are late marked at any depth.

    `earlier` are the ids of the steps that have run when the list begins: they are meant
    first. `around` are late parameters of the list further out.
    """
    if config:
        inside = frozenset(_inside(steps))
        config = tuple(
            argument._replace(late=True)
            if _is_late(argument.value, inside - earlier, around)
            else argument
            for argument in config
        )
    late = frozenset(argument.name for argument in config if argument.late)
    found: list[Step] = []
    for position, step in enumerate(steps):
        match step.action:
            case Composite(inner, arguments):
                known = earlier | {one.id for one in steps[:position]}
                given, below = with_late(arguments, inner, known, late)
                if given is not arguments or below is not inner:
                    step = step._replace(action=Composite(below, given))
            case _:
                pass
        found.append(step)
    unchanged = all(one is other for one, other in zip(found, steps, strict=True))
    return config, steps if unchanged else tuple(found)


def _inside(steps: tuple[Step, ...]) -> Iterator[str]:
    """Every name that a step of a list, at any depth, can be asked for by."""
    for step in steps:
        yield step.id
        if isinstance(step.action, Composite):
            for name in _inside(step.action.steps):
                yield name
                yield f"{step.id}.{name}"


def _is_late(value: Value, inside: frozenset[str], around: frozenset[str]) -> bool:
    match value:
        case Template(text=text):
            return any(one[2] in inside for one in _RESULT.finditer(text)) or (
                bool(around)
                and any(one[1] in around for one in _PARAMETER.finditer(text))
            )
        case ListValue(items=items):
            return any(_is_late(item, inside, around) for item in items)
        case MappingValue(entries=entries):
            return any(_is_late(item, inside, around) for _, item in entries)
        case _:
            return False


# The parameters that one schedule gives to its runs.
def lower_schedule_parameters(
    context: Context,
    given: tuple[ParameterConfig, ...],
    declared: tuple[Parameter, ...],
) -> tuple[tuple[str, Json], ...]:
    """Values for parameters of the flow, which are `declared`."""
    warn_of_stored_literals(
        context, given, "write `\"{{ get_env('...') }}\"` at the step that needs it"
    )
    names = {parameter.name: parameter for parameter in declared}
    values: list[tuple[str, Json]] = []
    for parameter in given:
        value = lower_value(parameter.value)
        if parameter.name not in names:
            similar = nearest(parameter.name, names)
            context.report(
                error(
                    "OTC321",
                    f"the runner has no parameter `{parameter.name}`",
                    parameter.key.span,
                    "not one of the runner's `parameters`",
                    help=f"did you mean `{similar}`?"
                    if similar
                    else "declare it under the runner's `parameters`",
                    suggestion=similar,
                )
            )
        elif not isinstance(value, Literal):
            context.report(
                error(
                    "OTC361",
                    f"parameter `{parameter.name}` of a schedule is an expression",
                    parameter.value.span,
                    "Prefect stores it as it is; nothing would render it",
                    help="write the value itself",
                )
            )
        elif not fits(kind := names[parameter.name].annotation, value.data):
            context.report(
                error(
                    "OTC376",
                    f"parameter `{parameter.name}` takes {KINDS[kind]}",
                    parameter.value.span,
                    "Prefect would refuse each run of this schedule",
                    labels=(Label(names[parameter.name].origin, "as its default is"),),
                    help=f"write {KINDS[kind]}, or leave it out for the default",
                )
            )
        else:
            values.append((parameter.name, value.data))
    return tuple(values)
