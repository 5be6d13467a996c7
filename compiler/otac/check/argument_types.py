"""Values whose type is known, given to parameters that want another."""

from collections.abc import Iterator

from otac.catalogue import Catalogue
from otac.check.result_types import ResultTypes, branches, types_of
from otac.check.scope import Scope
from otac.check.templates import looped, scopes
from otac.config.json_type import TYPE_WORDS
from otac.config.schema import Schema
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.lower.project import (
    Call,
    ListValue,
    MappingValue,
    Project,
    Runner,
    Template,
    Value,
)

_COLLECTIONS = frozenset(("array", "object"))


def check_argument_types(
    project: Project, types: ResultTypes, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """A list where a text is wanted, a text where a list is.

    Numbers, texts and booleans are converted into each other when a run renders them.
    """
    for runner in project.runners:
        for step, outside in scopes(runner):
            if not isinstance(step.action, Call):
                continue
            component = step.action.component
            info = catalogue.behind(component.module, component.name)
            if info is None or info.parameters is None:
                continue
            scope = looped(step, outside)
            properties = info.parameters.properties or {}
            for argument in step.action.arguments:
                wanted = properties.get(argument.name)
                if wanted is not None:
                    name = f"`{argument.name}`"
                    yield from _value(
                        argument.value, wanted, name, _Given(types, scope, runner)
                    )


class _Given:
    """What templates of one step yield."""

    def __init__(self, types: ResultTypes, scope: Scope, runner: Runner) -> None:
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
            found, fitting = given.types(value), types_of(wanted)
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
