"""Every template of a project, with what it may refer to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from otac.agreed import covers
from otac.check.mentions import Mention, Places, argument, keys_of
from otac.check.scope import Loop, StepScope
from otac.diagnostics.diagnostic import Diagnostic, warning
from otac.diagnostics.frame import visible
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
    calls,
)
from otac.source.document import Document, Span


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
    for given in arguments:
        here = replace(
            place, parameter_of=path, parameter=given.name, is_late=given.late
        )
        yield from _of_arguments((given,), here)


def _never_runs(step: Step) -> bool:
    return isinstance(step.condition, Literal) and not step.condition.data


def _of_arguments(
    arguments: tuple[Argument, ...], place: TemplatePlace
) -> Iterator[tuple[Template, TemplatePlace]]:
    for given in arguments:
        for template in _of_value(given.value):
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


# Rules of a map from labels that never apply, because an earlier one always does.
_COMPONENTS = "otac.components"
_MAPS = ("queue_map", "priority_map", "label_map")


def check_map_rules(project: Project, document: Document) -> Iterator[Diagnostic]:
    """The first rule that fits decides, so what stands after `*` is never asked."""
    places = Places(document)
    told: set[Span | None] = set()
    for runner in project.runners:
        for _, call in calls(runner.steps):
            if call.component.module == _COMPONENTS:
                for found in _in_call(call, runner, places):
                    # An alias brings one rule to several steps.
                    if found.span not in told:
                        told.add(found.span)
                        yield found


def _in_call(call: Call, runner: Runner, places: Places) -> Iterator[Diagnostic]:
    for name in _MAPS:
        match argument(call.arguments, name, runner):
            case (Literal() | MappingValue()) as value:
                rules = keys_of(value)
            case _:
                continue
        for place, rule in enumerate(rules):
            earlier = next((one for one in rules[:place] if covers(one, rule)), None)
            if earlier is not None:
                yield warning(
                    "OTC398",
                    f"the rule `{visible(rule)}` of `{name}` never applies",
                    places.of(Mention(rule, value.origin, (rule,), is_key=True)),
                    f"`{visible(earlier)}` comes before it, and the first that fits counts",
                    help="remove it: both fit the same labels"
                    if covers(rule, earlier)
                    else f"write it before `{visible(earlier)}`, or remove it",
                )
