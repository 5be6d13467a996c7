"""The parameters that one schedule gives to its runs."""

from otac.config.model import ParameterConfig
from otac.diagnostics.diagnostic import Label, error
from otac.diagnostics.suggest import nearest
from otac.lower.annotation import KINDS, fits
from otac.lower.context import Context
from otac.lower.literal_values import warn_of_stored_literals
from otac.lower.project import Literal, Parameter
from otac.lower.values import lower_value
from otac.source.document import Json


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
