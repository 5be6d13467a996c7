"""Values whose type is known, given to parameters that want another."""

from collections.abc import Iterator

from otac.catalogue import Catalogue
from otac.check.result_types import ResultTypes, branches, types_of
from otac.check.scope import StepScope
from otac.check.templates import looped
from otac.config.json_type import TYPE_WORDS
from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.lower.project import (
    Composite,
    ListValue,
    MappingValue,
    Project,
    Runner,
    Step,
    Template,
    Value,
)

_COLLECTIONS = frozenset(("array", "object"))
_DYNAMIC = (Template, ListValue, MappingValue)
_NO_NAMES = frozenset[str]()


def check_argument_types(
    project: Project, types: ResultTypes, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """A list where a text is wanted, a text where a list is.

    Numbers, texts and booleans are converted into each other when a run renders them.
    """
    for runner in project.runners:
        yield from _steps(runner.steps, runner, None, types, catalogue)


def _steps(
    steps: tuple[Step, ...],
    runner: Runner,
    parent: StepScope | None,
    types: ResultTypes,
    catalogue: Catalogue,
) -> Iterator[Diagnostic]:
    loop = None if parent is None else parent.loop
    for position, step in enumerate(steps):
        action = step.action
        if isinstance(action, Composite):
            scope = looped(step, StepScope(steps, position, _NO_NAMES, loop, parent))
            yield from _steps(action.steps, runner, scope, types, catalogue)
            continue
        # Most arguments are literals; nothing is looked up for those.
        dynamic = [a for a in action.arguments if type(a.value) in _DYNAMIC]
        if not dynamic:
            continue
        info = catalogue.behind(action.component.module, action.component.name)
        if info is None or info.parameters is None:
            continue
        scope = looped(step, StepScope(steps, position, _NO_NAMES, loop, parent))
        given = _Given(types, scope, runner)
        properties = info.parameters.properties or {}
        for argument in dynamic:
            wanted = properties.get(argument.name)
            if wanted is not None:
                yield from _value(argument.value, wanted, f"`{argument.name}`", given)


class _Given:
    """What templates of one step yield."""

    def __init__(self, types: ResultTypes, scope: StepScope, runner: Runner) -> None:
        self._types = types
        self._scope = scope
        self._runner = runner

    def types(self, template: Template) -> frozenset[str] | None:
        """Its types, without null: whether a value is there is another question."""
        found = types_of(self._types.value(template, self._scope, self._runner))
        return None if found is None else found - {"null"}


def _value(
    value: Value, wanted: Schema, name: str, given: _Given
) -> Iterator[Diagnostic]:
    match value:
        case Template():
            fitting = types_of(wanted)
            found = None if fitting is None else given.types(value)
            if found and fitting is not None and not _fits(found, fitting):
                yield _mismatch(value, found, fitting, name)
        case MappingValue(entries=entries):
            for key, item in entries:
                for branch in branches(wanted):
                    inner = (branch.properties or {}).get(key)
                    if inner is not None:
                        yield from _value(item, inner, f"`{key}`", given)
                        break
        case ListValue(items=items):
            for branch in branches(wanted):
                if branch.items is not None:
                    for item in items:
                        inner_name = f"an item of {name}"
                        yield from _value(item, branch.items, inner_name, given)
                    break


def _fits(found: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether any of the types may be taken."""
    if not found.isdisjoint(wanted):
        return True
    is_scalar = not found <= _COLLECTIONS
    return is_scalar and not wanted <= _COLLECTIONS | {"null"}


def _mismatch(
    template: Template, found: frozenset[str], wanted: frozenset[str], name: str
) -> Diagnostic:
    return error(
        "OTC383",
        f"{name} must be {_words(wanted - {'null'})}",
        template.origin,
        f"this is {_words(found)}",
        help="take one of its items, or repeat the step with `for_each`"
        if found == {"array"}
        else "take one of its keys"
        if found == {"object"}
        else None,
    )


def _words(types: frozenset[str]) -> str:
    words = [TYPE_WORDS[name] for name in TYPE_WORDS if name in types]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
