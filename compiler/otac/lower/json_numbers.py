"""Numbers that JSON does not have, where Prefect's API is told of them."""

from collections.abc import Iterator
from math import isfinite

from otac.diagnostics.diagnostic import error
from otac.lower.context import Context
from otac.source.document import Mapping, Node, Scalar, Sequence


def check_json_numbers(context: Context) -> None:
    """`.inf` and `.nan` in parameters of flows and schedules, in job variables, triggers
    and pull steps. In a step they are numbers like any other."""
    for node in _sent(context):
        for number in _infinite(node):
            context.report(
                error(
                    "OTC375",
                    f"`{number.text}` is not a number that Prefect can store",
                    number.span,
                    "it is sent as JSON, which has no such number",
                    help="write a number, or leave it out and let the step decide",
                )
            )


def _sent(context: Context) -> Iterator[Node]:
    config = context.config
    if config.run_policy.job_variables is not None:
        yield config.run_policy.job_variables
    yield from config.prefect.pull or ()
    for runner in config.runners:
        if runner.run_policy.job_variables is not None:
            yield runner.run_policy.job_variables
        yield from runner.triggers
        for parameter in runner.parameters:
            yield parameter.value
        for schedule in runner.schedules or ():
            for parameter in schedule.parameters:
                yield parameter.value


def _infinite(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            if isinstance(node.value, float) and not isfinite(node.value):
                yield node
        case Mapping():
            for entry in node:
                yield from _infinite(entry.value)
        case Sequence():
            for item in node.items:
                yield from _infinite(item)
