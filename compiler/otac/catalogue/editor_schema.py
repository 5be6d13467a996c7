"""The JSON Schema of the configuration with the parameters of known components.

For editors: beside `use: FetchTickets` they complete and check what `FetchTickets` takes.
The compiler itself looks components up by name and needs none of this.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

from otac.catalogue.catalogue import built_in_entries
from otac.catalogue.record import Record

# Any text in double braces may stand for any value.
_TEMPLATE = {"$ref": "#/$defs/template"}
_TEMPLATE_DEFINITION = {
    "title": "an expression",
    "description": "An expression in double braces; its value takes this place.",
    "type": "string",
    "pattern": r"\{[\{%]",
}
_NESTED = ("items", "additionalProperties", "contains", "not", "propertyNames")
_NESTED_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NESTED_MAPPINGS = ("properties", "patternProperties")


def editor_schema(base: Mapping[str, Any], record: Record | None) -> dict[str, Any]:
    """`base` with everything that is known of components, as JSON Schema 2020-12."""
    entries: dict[str, Mapping[str, Any]] = dict(built_in_entries())
    if record is not None:
        entries |= {name: each.entry for name, each in record.components.items()}
    schema: dict[str, Any] = copy.deepcopy(dict(base))
    definitions: dict[str, Any] = schema["$defs"]
    definitions["template"] = _TEMPLATE_DEFINITION
    for place in ("step", "service", "service_item"):
        services = place != "step"
        # A class of no known kind may be either.
        chosen = {
            name: entry
            for name, entry in entries.items()
            if entry["kind"] == "unknown" or (entry["kind"] != "pipe") == services
        }
        _add(definitions, definitions[place], place, chosen)
    return schema


def as_text(schema: Mapping[str, Any]) -> str:
    """What `otac schema` prints."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _add(
    definitions: dict[str, Any],
    place: dict[str, Any],
    prefix: str,
    entries: Mapping[str, Mapping[str, Any]],
) -> None:
    """A condition for each component: if `use` is its name, then its parameters."""
    keys = sorted(place["properties"])
    use = dict(place["properties"]["use"])
    known = [{"const": "Composite"}] if prefix == "step" else []
    known += [
        {"const": name, "description": entry["description"]}
        if entry["description"]
        else {"const": name}
        for name, entry in sorted(entries.items())
    ]
    # Other names may be aliases, or components that nobody has looked into.
    use["anyOf"] = [*known, {"type": "string"}]
    place["properties"]["use"] = use
    conditions = []
    for name, entry in sorted(entries.items()):
        if entry["parameters"] is None:
            continue
        reference = f"{prefix}:{name}".replace("/", "_").replace("~", "_")
        definitions[reference] = _component(definitions, name, entry, keys)
        conditions.append(
            {
                "if": {"properties": {"use": {"const": name}}, "required": ["use"]},
                "then": {"$ref": f"#/$defs/{reference}"},
            }
        )
    place["allOf"] = conditions


def _component(
    definitions: dict[str, Any],
    name: str,
    entry: Mapping[str, Any],
    keys: list[str],
) -> dict[str, Any]:
    parameters = entry["parameters"]
    for own, definition in parameters.get("$defs", {}).items():
        definitions[_definition(name, own)] = _templated(definition, name)
    properties = {
        parameter: _or_template(schema, name)
        for parameter, schema in parameters.get("properties", {}).items()
    }
    component: dict[str, Any] = {
        "properties": {
            **properties,
            "params": {"properties": properties},
            **_injects(entry["services"]),
        }
    }
    if parameters.get("additionalProperties") is False:
        names = [*keys, *(p for p in properties if p not in keys)]
        component["propertyNames"] = {"enum": names}
        component["properties"]["params"]["additionalProperties"] = False
    required = [
        {
            "anyOf": [
                {"required": [parameter]},
                {
                    "properties": {"params": {"required": [parameter]}},
                    "required": ["params"],
                },
            ]
        }
        for parameter in parameters.get("required", ())
    ]
    if required:
        component["allOf"] = required
    return component


def _injects(services: Mapping[str, Any]) -> dict[str, Any]:
    if not services:
        return {}
    return {"injects": {"properties": {name: {"type": "string"} for name in services}}}


def _or_template(schema: Any, name: str) -> Any:
    """The schema, or text with an expression; the description stays on the outside."""
    inner = _templated(schema, name)
    if not isinstance(inner, dict) or inner in ({}, {"type": "string"}):
        return inner
    outside = {
        key: inner.pop(key) for key in ("description", "default") if key in inner
    }
    if not inner or inner == {"type": "string"}:
        return {**outside, **inner}
    alternatives = [inner, _TEMPLATE]
    kinds = inner.get("type", ())
    if not {"integer", "number"}.isdisjoint(
        [kinds] if isinstance(kinds, str) else kinds
    ):
        # A run converts it, and the compiler lets it pass.
        alternatives.append({"type": "string", "pattern": r"^[-+]?\.?[0-9]"})
    return {**outside, "anyOf": alternatives}


def _templated(schema: Any, name: str) -> Any:
    """The schema with a template allowed wherever a value stands inside of it."""
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "$ref" and isinstance(value, str):
            made[key] = f"#/$defs/{_definition(name, value.rpartition('/')[2])}"
        elif key in _NESTED_MAPPINGS and isinstance(value, dict):
            made[key] = {own: _or_template(each, name) for own, each in value.items()}
        elif key in _NESTED:
            made[key] = _or_template(value, name)
        elif key in _NESTED_LISTS and isinstance(value, list):
            made[key] = [_templated(each, name) for each in value]
        elif key not in ("$defs", "discriminator"):
            made[key] = value
    return made


def _definition(component: str, own: str) -> str:
    return f"{component}.{own}".replace("/", "_").replace("~", "_")
