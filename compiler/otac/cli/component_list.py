"""What `use` can name, as text and as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from otac.catalogue import Record, built_in_entries
from otac.diagnostics.cells import Ink, paint, visible

_BUILT_IN = "built in"


class ListedComponent(NamedTuple):
    """A component and where it is from: `built in`, `otai-acme 1.2.0`, `acme.pipes`."""

    name: str
    origin: str
    entry: Mapping[str, Any]


def listed(record: Record | None) -> list[ListedComponent]:
    """Built-in components first, then plugins', then what a configuration imports."""
    found = [
        ListedComponent(name, _BUILT_IN, entry)
        for name, entry in sorted(built_in_entries().items())
    ]
    if record is None:
        return found
    recorded = sorted(record.components.items())
    for name, component in recorded:
        plugin = record.plugins.get(component.plugin or "")
        if plugin is not None:
            origin = f"{plugin.distribution} {plugin.version}"
            found.append(ListedComponent(name, origin, component.entry))
    found += [
        ListedComponent(name, component.info.module, component.entry)
        for name, component in recorded
        if component.plugin is None
    ]
    return found


def as_json(components: list[ListedComponent]) -> str:
    """One object, a key for each component."""
    whole = {
        each.name: {
            "origin": each.origin,
            **{
                key: each.entry.get(key)
                for key in ("kind", "description", "parameters", "services", "results")
            },
        }
        for each in components
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def as_text(components: list[ListedComponent], *, colour: bool) -> str:
    """A heading for each origin, some lines for each component."""
    lines: list[str] = []
    origin = None
    for each in components:
        if each.origin != origin:
            lines += ["", f"{visible(each.origin)}:"]
            origin = each.origin
        name = paint(visible(each.name), Ink.NOTE, colour)
        kind = str(each.entry["kind"]).replace("_", " ")
        about = visible(str(each.entry.get("description") or ""))
        lines.append(f"  {name} ({kind})" + (f"  {about}" if about else ""))
        lines += (f"    {line}" for line in _details(each.entry))
    return "\n".join([*lines[1:], ""])


def _details(entry: Mapping[str, Any]) -> Iterator[str]:
    parameters = entry["parameters"]
    if parameters is None:
        yield "its parameters are not known"
    else:
        required = parameters.get("required", ())
        properties = parameters.get("properties", {})
        for name in sorted(properties, key=lambda name: name not in required):
            schema = properties[name]
            mark = "" if name in required else "?"
            about = schema.get("description", "") if isinstance(schema, dict) else ""
            kind = _kind(schema)
            line = f"{visible(name)}{mark}{f': {kind}' if kind else ''}"
            yield f"{line:30}  {visible(about)}".rstrip()
        if parameters.get("additionalProperties", True) is not False:
            yield "and any other"
    services = entry["services"]
    if services:
        names = (
            f"{name}{'' if s['required'] else '?'}" for name, s in services.items()
        )
        yield f"takes the services {', '.join(map(visible, names))}"
    results = entry["results"]
    if results and results.get("properties"):
        yield f"returns {', '.join(map(visible, results['properties']))}"


def _kind(schema: Any) -> str:
    """`string`, `integer or null`, `one of cpu, cuda`; empty where a schema is longer."""
    if not isinstance(schema, dict):
        return ""
    if isinstance(choices := schema.get("enum"), list):
        return f"one of {', '.join(map(str, choices))}"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(map(str, kind))
    if "$ref" in schema:
        return "object"
    return str(kind or "")
