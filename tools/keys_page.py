"""Writes the pages of reference from what they tell of: `docs/keys.md` from the JSON Schema of a
configuration, the tables of parameters in `docs/components.md` from `schemas/components.json`,
and `docs/commands.md` from the table of commands.

python tools/keys_page.py
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from otac.catalogue import built_in_entries
from otac.cli.arguments import Choice, Command, Option
from otac.cli.commands import COMMANDS
from otac.config.schema import configuration_schema

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "keys.md"
COMPONENTS = ROOT / "docs" / "components.md"
COMMANDS_PAGE = ROOT / "docs" / "commands.md"
_COMMANDS_HEAD = """# All commands

Written by `tools/keys_page.py` from the program. `otac COMMAND --help` says the same. Where `CONFIG` is left out, it is
`config.yml` in the working directory. A command ends with 0 if all is well, 1 if the configuration is at fault, 2 if it was called
wrongly and 3 if something outside is at fault, such as a server; where a command means something else, its page says so.
"""
_TABLE = re.compile(
    r"<!-- parameters of (\w+) -->\n.*?<!-- until here -->\n", re.DOTALL
)
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

Written by `tools/keys_page.py` from `schemas/config.schema.json`. [The language](language.md) says what keys mean
together; the parameters of components are in [components](components.md), and `otac components` lists them.
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
        lines += [f"## {title}", "", *_table("key", found[name], definitions), ""]
    return "\n".join(lines)


def render_components(page: str) -> str:
    """The page with its tables of parameters written anew."""

    def table(found: re.Match[str]) -> str:
        schema = built_in_entries()[found[1]]["parameters"]
        rows = _table("parameter", schema, schema.get("$defs", {}))
        return "\n".join(
            [
                f"<!-- parameters of {found[1]} -->",
                "",
                *rows,
                "",
                "<!-- until here -->",
                "",
            ]
        )

    return _TABLE.sub(table, page)


def render_commands() -> str:
    """The whole page of commands."""
    lines = [_COMMANDS_HEAD]
    for command in COMMANDS:
        usage = command.usage or ""
        lines += [f"## `otac {command.name}`", "", command.summary, ""]
        lines += [
            "```",
            f"otac {command.name} [OPTION ...] {usage}".rstrip(),
            "```",
            "",
        ]
        rows = list(_options(command))
        if rows:
            lines += ["| option | what it does |", "|---|---|", *rows, ""]
        lines += ["Example:", "", "```", command.example, "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _options(command: Command) -> Iterator[str]:
    for each in command.options:
        for one in each.options if isinstance(each, Choice) else (each,):
            told = one.settings.get("help")
            if told not in (None, argparse.SUPPRESS):
                said = told.replace("%%", "%").replace("|", "\\|")
                yield f"| {_names(one)} | {said} |"


def _names(option: Option) -> str:
    value = option.settings.get("metavar", "")
    if not value and option.settings.get("choices"):
        value = "{" + ",".join(map(str, option.settings["choices"])) + "}"
    if not option.names[0].startswith("-"):
        return f"`{value or option.names[0]}`"
    return ", ".join(f"`{f'{name} {value}'.rstrip()}`" for name in option.names)


def _table(
    kind: str, section: Mapping[str, Any], definitions: Mapping[str, Any]
) -> list[str]:
    head = [f"| {kind} | value | default | what it says |", "|---|---|---|---|"]
    return [*head, *_rows(section, definitions)]


def _rows(section: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    needed = section.get("required", ())
    for key, source in section["properties"].items():
        whole = {**_definition(source, definitions), **source}
        default = "needed" if key in needed else ""
        if whole.get("default") is not None:
            default = f"`{json.dumps(whole['default'])}`"
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
    written = render_components(COMPONENTS.read_text(encoding="utf-8"))
    COMMANDS_PAGE.write_text(render_commands(), encoding="utf-8", newline="\n")
    COMPONENTS.write_text(written, encoding="utf-8", newline="\n")
