"""The environment variables that a project asks for."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from otac.check.templates import templates
from otac.expressions.parse import parse
from otac.expressions.reference import EnvReference
from otac.lower.project import Project
from otac.source.document import Json

# What every shell, compose and Kubernetes take for a name. No process could be given
# another one here.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# `{{ $NAME }}` in what Prefect fills in when it deploys.
_PLACEHOLDER = re.compile(r"{{\s*\$([A-Za-z_][A-Za-z0-9_]*)\s*}}")


class ContainerVariable(NamedTuple):
    """A name; `required` where something in the project has no default for it."""

    name: str
    required: bool


def variables(project: Project, taken: frozenset[str]) -> tuple[ContainerVariable, ...]:
    """All of them by name, but for those in `taken`, which are set otherwise."""
    found: dict[str, bool] = {}
    for name, required in (*_of_expressions(project), *_of_placeholders(project)):
        if name not in taken:
            found[name] = found.get(name, False) or required
    return tuple(ContainerVariable(name, found[name]) for name in sorted(found))


def _of_expressions(project: Project) -> Iterator[tuple[str, bool]]:
    for template, _ in templates(project):
        for reference in parse(template.text).references:
            if not isinstance(reference, EnvReference) or reference.name is None:
                continue
            if _NAME.fullmatch(reference.name.text):
                yield reference.name.text, not reference.has_default


def _of_placeholders(project: Project) -> Iterator[tuple[str, bool]]:
    for step in project.pull or ():
        yield from _in(step)
    for runner in project.runners:
        yield from _in([*runner.triggers, runner.work_pool.job_variables])


def _in(value: Json) -> Iterator[tuple[str, bool]]:
    match value:
        case str():
            yield from ((name, True) for name in _PLACEHOLDER.findall(value))
        case dict():
            for item in value.values():
                yield from _in(item)
        case list():
            for item in value:
                yield from _in(item)
        case _:
            pass
