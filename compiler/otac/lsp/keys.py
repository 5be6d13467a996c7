"""What the schema of a configuration or of a file of tests says about a place in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from otac.config.schema import configuration_schema, schema_of_tests
from otac.lsp.components import DescribedComponent
from otac.lsp.tree import Path

_WITH_COMPONENT = frozenset(("step", "service", "service_item"))


class Rule(NamedTuple):
    """A subschema; `root` is where its references lead, `title` which definition it is."""

    schema: Mapping[str, Any]
    root: Mapping[str, Any]
    title: str = ""

    @property
    def description(self) -> str:
        return str(self.schema.get("description", ""))


class ComponentAt(NamedTuple):
    """The component that a step or service at a path names with `use`; none in tests."""

    look: Callable[[Path], DescribedComponent | None]
    in_tests: bool = False

    def __call__(self, path: Path) -> DescribedComponent | None:
        return self.look(path)


def rules(path: Path, named: ComponentAt) -> list[Rule]:
    """What may stand at a path; several where there are alternatives."""
    root = _schema_of_tests() if named.in_tests else _schema()
    name = "wrapped" if path[:1] == ("open_ticket_ai",) else "root"
    found = [Rule(root["$defs"].get(name, root), root, name)]
    for depth, step in enumerate(path):
        above = path[:depth]
        found = [
            each
            for rule in found
            for inner in _inside(rule, step, above, named)
            for each in _alternatives(inner)
        ]
    return found


def properties(path: Path, named: ComponentAt) -> dict[str, Rule]:
    """The keys that the mapping at a path may have."""
    known: dict[str, Rule] = {}
    for rule in rules(path, named):
        if rule.title in _WITH_COMPONENT:
            for name, each in _parameters(named(path)):
                known.setdefault(name, each)
        for name, schema in rule.schema.get("properties", {}).items():
            known[name] = _resolved(Rule(schema, rule.root))
    if not path and not named.in_tests:
        # A body may stand under its own key.
        wrapped = _schema()["$defs"]["wrapped"]["properties"]["open_ticket_ai"]
        known["open_ticket_ai"] = _resolved(Rule(wrapped, _schema()))
    return known


def names_of(found: Iterable[Rule], *, keys: bool = False) -> str | None:
    """What a text names that these rules are about, or the keys of a mapping."""
    for rule in found:
        schema = rule.schema.get("propertyNames", {}) if keys else rule.schema
        if isinstance(schema, dict) and isinstance(schema.get("x-names"), str):
            return str(schema["x-names"])
    return None


def fields(rule: Rule) -> dict[str, Rule]:
    """The keys of a value that a rule describes."""
    found: dict[str, Rule] = {}
    for one in _alternatives(rule):
        for name, schema in one.schema.get("properties", {}).items():
            if isinstance(schema, dict):
                found.setdefault(name, _resolved(Rule(schema, one.root)))
    return found


def item_of(rule: Rule) -> Rule | None:
    """What the items of a list are that a rule describes."""
    for one in _alternatives(rule):
        if isinstance(one.schema.get("items"), dict):
            return _resolved(Rule(one.schema["items"], one.root))
    return None


def choices(rule: Rule) -> Iterator[str]:
    """The values that a rule allows, as YAML; nothing where they are not few."""
    for one in _alternatives(rule):
        values = one.schema.get("enum", ())
        if "const" in one.schema:
            values = (one.schema["const"],)
        elif one.schema.get("type") == "boolean" or "boolean" in _types(one):
            values = (*values, True, False)
        for value in values:
            yield str(value).lower() if isinstance(value, bool) else str(value)


def kind_of(rule: Rule) -> str:
    """The types of a rule in a few words."""
    words: list[str] = []
    for one in _alternatives(rule):
        words += _types(one)
    return ", ".join(dict.fromkeys(words))


def document(name: str, rule: Rule) -> str:
    """What to show for a key, in Markdown."""
    lines = [f"**`{name}`**"]
    kind = kind_of(rule)
    if kind:
        lines[0] += f" — {kind}"
    if rule.description:
        lines.append(rule.description)
    allowed = list(dict.fromkeys(choices(rule)))
    if allowed and "enum" in rule.schema:
        lines.append("One of " + ", ".join(f"`{one}`" for one in allowed) + ".")
    if "default" in rule.schema:
        lines.append(f"Default: `{_shown(rule.schema['default'])}`.")
    return "\n\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _types(rule: Rule) -> list[str]:
    types = rule.schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _inside(
    rule: Rule, step: str | int, above: Path, named: ComponentAt
) -> Iterator[Rule]:
    schema = rule.schema
    if isinstance(step, int):
        if isinstance(schema.get("items"), dict):
            yield Rule(schema["items"], rule.root)
        return
    has_component = rule.title in _WITH_COMPONENT
    if has_component and step == "params":
        described = named(above)
        if described is not None:
            own = schema["properties"]["params"]
            parameters = described.parameters
            yield Rule({**own, **parameters}, parameters)
            return
    if has_component and step == "injects":
        described = named(above)
        slots = {} if described is None else described.services
        known = {
            name: {"description": f"A service: {slot['kind'].replace('_', ' ')}."}
            for name, slot in slots.items()
        }
        own = schema["properties"].get("injects", {})
        yield Rule({**own, "properties": known}, rule.root)
        return
    if step in schema.get("properties", {}):
        yield Rule(schema["properties"][step], rule.root)
    elif has_component:
        beside = dict(_parameters(named(above)))
        if step in beside:
            yield beside[step]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield Rule(schema["additionalProperties"], rule.root)


def _parameters(described: DescribedComponent | None) -> Iterator[tuple[str, Rule]]:
    if described is None:
        return
    for name, schema in described.parameters.get("properties", {}).items():
        if isinstance(schema, dict):
            yield name, _resolved(Rule(schema, described.parameters))


def _resolved(rule: Rule) -> Rule:
    """The rule behind a reference; what stands beside the reference wins."""
    schema, title = rule.schema, rule.title
    for _ in range(20):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            break
        title = reference.rpartition("/")[2]
        target = rule.root.get("$defs", {}).get(title, {})
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**target, **beside}
    return Rule(schema, rule.root, title)


def _alternatives(rule: Rule) -> list[Rule]:
    rule = _resolved(rule)
    found = [rule]
    either = [rule.schema.get(keyword) for keyword in ("then", "else")]
    for keyword in ("anyOf", "oneOf"):
        either += rule.schema.get(keyword, ())
    for one in either:
        if isinstance(one, dict):
            found += _alternatives(Rule(one, rule.root))
    return found


@cache
def _schema() -> dict[str, Any]:
    return configuration_schema()


@cache
def _schema_of_tests() -> dict[str, Any]:
    return schema_of_tests()
