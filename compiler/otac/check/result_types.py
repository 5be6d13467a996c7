"""What is known of the values in expressions: results of steps, items, parameters."""

import re
from collections.abc import Iterator, Mapping

from otac.catalogue import Catalogue
from otac.check.scope import Lookup, StepScope, find
from otac.config.schema import Schema
from otac.expressions.parse import parse
from otac.expressions.reference import NameReference, Path, StepReference
from otac.lower.project import Composite, Runner, Step, Template

# One lookup and nothing else: its value is the value of the template.
SOLE_LOOKUP = re.compile(
    r"""\s*\{\{\s*
    (?:(?:get_pipe_result|pipe_result)\([^(){}]*\)|(?:item|params)\b)
    (?:\.\w+|\[(?:'[^'\]]*'|"[^"\]]*")\])*
    \s*\}\}\s*""",
    re.VERBOSE,
)
_ANYTHING = Schema()
_ANNOTATIONS: Mapping[str, str] = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}


class ResultTypes:
    """The schemas of values, from the catalogue. An empty one where nothing is known."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        # By identity: the project lives longer, and is asked of the same step often.
        self._results: dict[int, Schema] = {}
        self._items: dict[int, Schema] = {}

    def result(self, step: Step) -> Schema:
        """What a step leaves behind; a list where it is repeated."""
        known = self._results.get(id(step))
        if known is None:
            known = self._once(step)
            if step.for_each is not None:
                known = Schema(types=frozenset(("array",)), items=known)
            self._results[id(step)] = known
        return known

    def asked(self, reference: StepReference, step: Step) -> Schema:
        """What a lookup finds, before the path that follows it."""
        result = self.result(step)
        if reference.computed_key:
            return _ANYTHING
        key = "value" if reference.key is None else reference.key.text
        if result.items is not None:
            return result if key == "value" else _ANYTHING
        return (result.properties or {}).get(key, _ANYTHING)

    def item(self, scope: StepScope) -> Schema:
        """The type of `item`: that of the list which the nearest for-each goes through."""
        loop = scope.loop
        if loop is None or not isinstance(loop.items, Template):
            return _ANYTHING
        known = self._items.get(id(loop.items))
        if known is None:
            items = self.value(loop.items, loop.scope, None)
            known = self._items[id(loop.items)] = items.items or _ANYTHING
        return known

    def value(
        self, template: Template, scope: StepScope, runner: Runner | None
    ) -> Schema:
        """The type of a template that is one lookup."""
        if SOLE_LOOKUP.fullmatch(template.text) is None:
            return _ANYTHING
        for reference in parse(template.text).references:
            match reference:
                case StepReference(step=name, has_default=False) if name is not None:
                    found = find(scope, name.text)
                    if isinstance(found, Lookup):
                        return _ANYTHING
                    return follow(self.asked(reference, found), reference.path)
                case NameReference(name="item", path=path):
                    return follow(self.item(scope), path)
                case NameReference(name="params", path=path) if runner is not None:
                    return follow(_parameters(runner), path)
        return _ANYTHING

    def _once(self, step: Step) -> Schema:
        if isinstance(step.action, Composite):
            return Schema(
                types=frozenset(("object",)),
                properties={
                    inner.id: self.result(inner) for inner in step.action.steps
                },
                additional=False,
            )
        component = step.action.component
        info = self._catalogue.behind(component.module, component.name)
        return _ANYTHING if info is None else info.results or _ANYTHING


def follow(schema: Schema, path: Path) -> Schema:
    """The type at the end of a path."""
    for segment in path:
        schema = (schema.properties or {}).get(segment.text, _ANYTHING)
    return schema


def is_closed(schema: Schema) -> bool:
    """Whether all keys of a mapping are known."""
    return schema.properties is not None and schema.additional is False


def types_of(schema: Schema) -> frozenset[str] | None:
    """The JSON types a value may have; None where it may be anything."""
    if schema.switch is not None:
        return None
    if schema.alternatives:
        found: set[str] = set()
        for branch in schema.alternatives:
            types = types_of(branch)
            if types is None:
                return None
            found |= types
        return frozenset(found)
    return schema.types


def branches(schema: Schema) -> Iterator[Schema]:
    """The schema itself, or what it is one of."""
    if schema.alternatives:
        for branch in schema.alternatives:
            yield from branches(branch)
    else:
        yield schema


def _parameters(runner: Runner) -> Schema:
    properties: dict[str, Schema] = {}
    for parameter in runner.parameters:
        kind = _ANNOTATIONS.get(parameter.annotation.partition("[")[0])
        types = None if kind is None else frozenset((kind,))
        properties[parameter.name] = Schema(types=types)
    return Schema(types=frozenset(("object",)), properties=properties)
