"""The parameters of a flow: declared, or made from those of its only component."""

import unicodedata

from otac.catalogue import ComponentInfo
from otac.config.model import ParameterConfig, RunnerConfig
from otac.diagnostics.diagnostic import Diagnostic, Label, error, warning
from otac.lower.annotation import is_json
from otac.lower.context import Context
from otac.lower.literal_values import warn_of_stored_literals
from otac.lower.project import Argument, Call, FlowArgument, Literal, Parameter
from otac.lower.reserved import KEYWORDS
from otac.lower.values import lower_value
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
