"""Text that Prefect would take for one of its own placeholders."""

import re
from collections.abc import Iterator

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.lower.project import Project, Runner
from otac.source.document import Json

# prefect.utilities.templating.PLACEHOLDER_CAPTURE_REGEX; it has no escape.
_PLACEHOLDER = re.compile(r"{{\s*[\w.\-\[\]$]+\s*}}")


def check_placeholders(project: Project) -> Iterator[Diagnostic]:
    """`{{ dotted.words }}` in what is written to `prefect.yaml`.

    Prefect would remove or replace it while it deploys. `pull` steps and `triggers` are
    Prefect's own language and are left alone.
    """
    for runner in project.runners:
        for what, text in _texts(runner):
            found = _PLACEHOLDER.search(text)
            if found is not None:
                yield error(
                    "OTC362",
                    f"{what} of runner `{runner.id}` holds `{found.group()}`",
                    runner.origin,
                    "Prefect would replace it when it deploys",
                    help="write the text itself; expressions are rendered in steps only",
                )


def _texts(runner: Runner) -> Iterator[tuple[str, str]]:
    for tag in runner.tags:
        yield "a tag", tag
    yield "the work pool", runner.work_pool.name
    yield "the work queue", runner.work_pool.queue or ""
    for text in _strings(runner.work_pool.job_variables):
        yield "`job_variables`", text
    for schedule in runner.schedules:
        for name, value in schedule.parameters:
            for text in _strings(value):
                yield f"the schedule's parameter `{name}`", text


def _strings(data: Json) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        for item in data:
            yield from _strings(item)
