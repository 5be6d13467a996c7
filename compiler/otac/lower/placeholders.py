"""Text that Prefect would take for one of its own placeholders."""

import re
from collections.abc import Iterator

from otac.config.model import Located, PolicyConfig, RunPolicyConfig
from otac.diagnostics.diagnostic import Diagnostic, error, warning
from otac.lower.context import Context
from otac.source.document import Mapping, Node, Scalar, Sequence

# prefect.utilities.templating.PLACEHOLDER_CAPTURE_REGEX; it has no escape.
_PLACEHOLDER = re.compile(r"{{\s*[\w.\-\[\]$]+\s*}}")
_OF_THE_RUN = re.compile(r"{{\s*ctx\.flow(_run)?\.")
_VARIABLES = "`job_variables`"


def check_placeholders(context: Context) -> None:
    """`{{ dotted.words }}` in what is written to `prefect.yaml`.

    Prefect would remove or replace it while it deploys. `pull` steps and `triggers` are
    Prefect's own language and are left alone.
    """
    for what, text in _texts(context):
        found = next(_replaced(what, text.value), None)
        if found is not None:
            context.report(
                error(
                    "OTC362",
                    f"{what} holds `{found.group()}`",
                    text.span,
                    "Prefect would replace it when it deploys",
                    help="write the text itself; expressions are rendered in steps only",
                )
            )
    for text in _environment(context):
        for found in _PLACEHOLDER.finditer(text.value):
            if _OF_THE_RUN.match(found.group()):
                context.report(_not_filled_in(found.group(), text))


def _not_filled_in(placeholder: str, text: Located[str]) -> Diagnostic:
    return warning(
        "OTC362",
        f"nothing fills in `{placeholder}` in `env`",
        text.span,
        "the run gets the text as it is",
        help="workers fill it in for the job's `name`; in a step, `prefect.runtime` "
        "knows the run",
    )


def _replaced(what: str, text: str) -> Iterator[re.Match[str]]:
    for found in _PLACEHOLDER.finditer(text):
        # Left to the worker, which knows the flow and its run.
        if what != _VARIABLES or not _OF_THE_RUN.match(found.group()):
            yield found


def _texts(context: Context) -> Iterator[tuple[str, Located[str]]]:
    config = context.config
    yield from _of_policies(config.policy, config.run_policy)
    yield from _if_given("the work pool", config.prefect.work_pool)
    yield from _if_given("`image`", config.prefect.image)
    for runner in config.runners:
        yield from _of_policies(runner.policy, runner.run_policy)
        for schedule in runner.schedules or ():
            for parameter in schedule.parameters:
                # An expression as the value itself is refused where it is lowered.
                for key in _keys(parameter.value):
                    yield f"the schedule's parameter `{parameter.name}`", key


def _environment(context: Context) -> Iterator[Located[str]]:
    config = context.config
    policies = (config.run_policy, *(runner.run_policy for runner in config.runners))
    for policy in policies:
        variables = policy.job_variables
        for entry in () if variables is None else variables:
            if entry.key.text == "env":
                yield from _strings(entry.value)


def _of_policies(
    policy: PolicyConfig, run_policy: RunPolicyConfig
) -> Iterator[tuple[str, Located[str]]]:
    for tag in policy.tags:
        yield "a tag", tag
    yield from _if_given("the work pool", run_policy.work_pool)
    yield from _if_given("the work queue", run_policy.work_queue)
    if run_policy.job_variables is not None:
        for text in _strings(run_policy.job_variables):
            yield _VARIABLES, text


def _if_given(
    what: str, text: Located[str] | None
) -> Iterator[tuple[str, Located[str]]]:
    if text is not None:
        yield what, text


def _strings(node: Node) -> Iterator[Located[str]]:
    match node:
        case Scalar():
            yield Located(node.text, node.span)
        case Mapping():
            for entry in node:
                yield Located(entry.key.text, entry.key.span)
                yield from _strings(entry.value)
        case Sequence():
            for item in node.items:
                yield from _strings(item)


def _keys(node: Node) -> Iterator[Located[str]]:
    match node:
        case Mapping():
            for entry in node:
                yield Located(entry.key.text, entry.key.span)
                yield from _keys(entry.value)
        case Sequence():
            for item in node.items:
                yield from _keys(item)
        case _:
            pass
