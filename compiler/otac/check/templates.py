"""Every template of a project, with what it may refer to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from otac.check.scope import Loop, StepScope
from otac.lower.project import (
    Argument,
    Call,
    Composite,
    ListValue,
    Literal,
    MappingValue,
    Project,
    Runner,
    Step,
    Template,
    Value,
)


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """Where a template stands.

    `is_reached` is false in a step whose condition is always false. `parameter_of` is the
    path of the composite whose `parameter` this is, None for anything else; `is_late` as
    for arguments. `runner` and
    `scope` are None outside of runners (services, notifications), where only the
    environment, secrets and variables are known. `owner` names the place in messages;
    `service` is the title of the service, where it is one.
    """

    owner: str
    runner: Runner | None
    scope: StepScope | None
    is_reached: bool = True
    parameter_of: tuple[str, ...] | None = None
    parameter: str = ""
    is_late: bool = False
    service: str | None = None


def templates(project: Project) -> Iterator[tuple[Template, TemplatePlace]]:
    """All templates, in the order of the project."""
    for service in (*project.services, *project.unused_services):
        yield from _of_arguments(
            service.arguments,
            TemplatePlace(
                f"service `{service.title}`", None, None, service=service.title
            ),
        )
    for notification in project.notifications:
        yield from _of_arguments(
            notification.settings,
            TemplatePlace(f"notification `{notification.id}`", None, None),
        )
    for runner in project.runners:
        yield from templates_of(runner)


def scopes(runner: Runner) -> Iterator[tuple[Step, StepScope]]:
    """Every step of a runner with its place."""
    names = frozenset(argument.name for argument in runner.config)
    yield from _steps(runner.steps, names, None, None)


def looped(step: Step, scope: StepScope) -> StepScope:
    """The place of a step as its own parameters see it, `item` included."""
    if step.for_each is None:
        return scope
    return replace(scope, loop=Loop.of(step.for_each, scope))


def _steps(
    steps: tuple[Step, ...],
    config: frozenset[str],
    loop: Loop | None,
    parent: StepScope | None,
) -> Iterator[tuple[Step, StepScope]]:
    for position, step in enumerate(steps):
        scope = StepScope(steps, position, config, loop, parent)
        yield step, scope
        if isinstance(step.action, Composite):
            names = frozenset(argument.name for argument in step.action.config)
            inner = Loop.of(step.for_each, scope)
            yield from _steps(step.action.steps, names, inner, scope)


def templates_of(runner: Runner) -> Iterator[tuple[Template, TemplatePlace]]:
    """All templates of a runner."""
    owner = f"runner `{runner.id}`"
    root = StepScope(runner.steps, 0, frozenset(), None, None)
    yield from _of_config(runner.config, TemplatePlace(owner, runner, root), ())
    never: set[tuple[str, ...]] = set()
    for step, scope in scopes(runner):
        if step.path[:-1] in never or _never_runs(step):
            never.add(step.path)
        is_reached = step.path not in never
        place = TemplatePlace(
            f"step `{'.'.join(step.path)}`", runner, scope, is_reached
        )
        inside = replace(place, scope=looped(step, scope))
        if step.for_each is not None and isinstance(step.for_each.items, Template):
            yield step.for_each.items, place
        if isinstance(step.condition, Template):
            yield step.condition, inside
        match step.action:
            case Call(arguments=arguments):
                yield from _of_arguments(arguments, inside)
            case Composite(config=arguments):
                yield from _of_config(arguments, inside, step.path)


def _of_config(
    arguments: tuple[Argument, ...], place: TemplatePlace, path: tuple[str, ...]
) -> Iterator[tuple[Template, TemplatePlace]]:
    """The templates in the parameters of the composite at `path`."""
    for argument in arguments:
        here = replace(
            place, parameter_of=path, parameter=argument.name, is_late=argument.late
        )
        yield from _of_arguments((argument,), here)


def _never_runs(step: Step) -> bool:
    return isinstance(step.condition, Literal) and not step.condition.data


def _of_arguments(
    arguments: tuple[Argument, ...], place: TemplatePlace
) -> Iterator[tuple[Template, TemplatePlace]]:
    for argument in arguments:
        for template in _of_value(argument.value):
            yield template, place


def _of_value(value: Value) -> Iterator[Template]:
    match value:
        case Template():
            yield value
        case ListValue(items=items):
            for item in items:
                yield from _of_value(item)
        case MappingValue(entries=entries):
            for _, item in entries:
                yield from _of_value(item)
        case _:
            pass
