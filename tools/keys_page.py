"""Writes `docs/keys.md`, every key of a configuration, from its JSON Schema.

python tools/keys_page.py
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from otac.config.schema import configuration_schema

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "keys.md"
_SECTIONS = {
    "body": "The file",
    "orchestrator": "`orchestrator`",
    "runner": "A runner",
    "schedule": "One of several `schedules`",
    "step": "A step (also `pipe`)",
    "defaults": "`orchestrator.defaults`",
    "service": "A service",
    "notification": "A notification",
    "prefect": "`prefect`",
}
_HEAD = """# All keys

Written by `tools/keys_page.py` from `schemas/config.schema.json`. What keys mean together is told in
[language.md](language.md); the parameters of components are in [components.md](components.md), and
`otac components` lists them.
"""
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "`true` or `false`",
    "array": "list",
    "object": "mapping",
}


def render() -> str:
    """The whole page."""
    definitions: Mapping[str, Any] = configuration_schema()["$defs"]
    body = definitions["body"]["properties"]
    found = {
        **definitions,
        **{name: body[name] for name in ("orchestrator", "prefect")},
    }
    lines = [_HEAD]
    for name, title in _SECTIONS.items():
        lines += [f"## {title}", "", "| key | value | default | |", "|---|---|---|---|"]
        lines += _rows(found[name], definitions)
        lines.append("")
    return "\n".join(lines)


def _rows(section: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    for key, source in section["properties"].items():
        whole = {**_definition(source, definitions), **source}
        default = f"`{json.dumps(whole['default'])}`" if "default" in whole else ""
        kind = _kind(whole, definitions)
        cells = (f"`{key}`", kind, default, whole.get("description", ""))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _definition(
    source: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a reference leads to, and on from there."""
    found = definitions.get(source.get("$ref", "").removeprefix("#/$defs/"), {})
    return {**_definition(found, definitions), **found} if found else {}


def _kind(source: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "x-expected" in source:
        return str(source["x-expected"])
    if "enum" in source:
        return ", ".join(f"`{value}`" for value in source["enum"])
    kinds = source.get("type", [])
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    for each in source.get("anyOf", ()):
        whole = {**_definition(each, definitions), **each}
        names += [whole["type"]] if isinstance(whole.get("type"), str) else []
    words = [_WORDS.get(name, name) for name in names if name != "null"]
    return " or ".join(dict.fromkeys(words))


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
