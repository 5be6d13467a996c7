"""Text that Prefect would take for one of its own placeholders."""

import re
from collections.abc import Iterator

from otac.config.model import Located, PolicyConfig, RunPolicyConfig
from otac.diagnostics.diagnostic import error
from otac.lower.context import Context
from otac.source.document import Mapping, Node, Scalar, Sequence

# prefect.utilities.templating.PLACEHOLDER_CAPTURE_REGEX; it has no escape.
_PLACEHOLDER = re.compile(r"{{\s*[\w.\-\[\]$]+\s*}}")


def check_placeholders(context: Context) -> None:
    """`{{ dotted.words }}` in what is written to `prefect.yaml`.

    Prefect would remove or replace it while it deploys. `pull` steps and `triggers` are
    Prefect's own language and are left alone.
    """
    for what, text in _texts(context):
        found = _PLACEHOLDER.search(text.value)
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


def _of_policies(
    policy: PolicyConfig, run_policy: RunPolicyConfig
) -> Iterator[tuple[str, Located[str]]]:
    for tag in policy.tags:
        yield "a tag", tag
    yield from _if_given("the work pool", run_policy.work_pool)
    yield from _if_given("the work queue", run_policy.work_queue)
    if run_policy.job_variables is not None:
        for text in _strings(run_policy.job_variables):
            yield "`job_variables`", text


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
