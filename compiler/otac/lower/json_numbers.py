"""Numbers that JSON does not have, where Prefect's API is told of them."""

from collections.abc import Iterator

from otac.diagnostics.diagnostic import error
from otac.lower.annotation import is_json
from otac.lower.context import Context
from otac.source.document import Mapping, Node, Scalar, Sequence

_LONGEST = 40


def check_json_numbers(context: Context) -> None:
    """`.inf`, `.nan` and whole numbers of more than 64 bits in parameters of flows and
    schedules, in job variables, triggers and pull steps. In a step they are numbers like
    any other."""
    for node in _sent(context):
        for number in _unsendable(node):
            is_whole = isinstance(number.value, int)
            text = number.text if len(number.text) <= _LONGEST else "the number"
            context.report(
                error(
                    "OTC375",
                    f"`{text}` is not a number that Prefect can store",
                    number.span,
                    "it has more than 64 bits"
                    if is_whole
                    else "it is sent as JSON, which has no such number",
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


def _unsendable(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            if isinstance(node.value, int | float) and not is_json(node.value):
                yield node
        case Mapping():
            for entry in node:
                yield from _unsendable(entry.value)
        case Sequence():
            for item in node.items:
                yield from _unsendable(item)
