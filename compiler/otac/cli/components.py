"""`otac components` and `otac components sync`."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from otac.agreed import RECORD
from otac.catalogue import (
    Record,
    built_in_entries,
    component_info,
    encode_record,
    read_record,
    split,
)
from otac.cli.arguments import CONFIG
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.exit_status import Exit, wrong_usage
from otac.cli.terminal import Printing, colored, print_problem, print_report, say
from otac.config.schema import unheeded
from otac.diagnostics.diagnostic import Diagnostic, Severity, error
from otac.diagnostics.frame import Ink, paint, visible
from otac.diagnostics.report import Report
from otac.extras import install
from otac.output.environment import environment
from otac.output.replacement import replace_file
from otac.plain_file import read_file
from otac.source.source_text import SourceText

_USAGE = "`otac components [CONFIG]` or `otac components sync [CONFIG]`"


def run_components(arguments: argparse.Namespace) -> Exit:
    """List what `use` can name, or find it out anew."""
    words: list[str] = arguments.words
    syncing = words[:1] == ["sync"]
    rest = words[1:] if syncing else words
    if len(rest) > 1:
        return wrong_usage(f"too many arguments; write {_USAGE}")
    printing = Printing(quiet=arguments.quiet)
    if syncing:
        return _sync(rest[0] if rest else CONFIG, printing)
    folder = Path(rest[0]).parent if rest else Path()
    record = read_record(folder)
    if isinstance(record, Diagnostic):
        return print_problem(record, printing)
    found = listed(record)
    if arguments.format == "json":
        sys.stdout.write(as_json(found))
    else:
        sys.stdout.write(as_text(found, colour=colored(sys.stdout.isatty())))
    return Exit.OK


def _sync(name: str, printing: Printing) -> Exit:
    configuration = read_configuration(name)
    if isinstance(configuration, Diagnostic):
        return print_problem(configuration, printing)
    if importlib.util.find_spec("pydantic") is None:
        return print_problem(
            error(
                "OTC524",
                "looking into components needs pydantic, which is not installed",
                help=install("prefect"),
            ),
            printing,
        )
    from otac.pipeline import components_in_use

    names = components_in_use(configuration.name, configuration.data)
    if isinstance(names, Report):
        return print_report(names, printing)
    try:
        return _record(configuration, names, printing)
    except OSError as problem:
        return print_problem(environment(problem, configuration.folder), printing)


def _record(
    configuration: Configuration, names: tuple[str, ...], printing: Printing
) -> Exit:
    from otac.local.inventory import take_inventory

    paths = sorted(":".join(parts) for parts in map(split, names) if parts is not None)
    inventory = take_inventory(configuration.folder, paths)
    if isinstance(inventory, Diagnostic):
        return print_problem(inventory, printing)
    used = {name.partition(":")[0] for name in names if ":" in name}
    found = [
        _broken_plugin(prefix, reason, needed=prefix in used)
        for prefix, reason in inventory.broken_plugins
    ]
    needed = set(paths) | set(names)
    found += [
        _broken_component(path, reason, needed=path in needed)
        for path, reason in inventory.broken_components
    ]
    described = dict(inventory.components)
    for name, entry in inventory.components.items():
        said = _parameters(name, entry, needed=name in needed)
        if said is not None and said.code == "OTC521":
            # A build would refuse the whole record.
            del described[name]
        found += [] if said is None else [said]
    text = SourceText.decode(configuration.name, configuration.data)
    status = print_report(Report(text, tuple(found)), printing)
    if status is not Exit.OK:
        return status
    path = configuration.folder / RECORD
    new = encode_record(inventory.plugins, described).encode()
    try:
        old = read_file(path) if path.exists() else None
        if old != new:
            replace_file(path, new)
    except OSError as problem:
        return print_problem(environment(problem, configuration.folder), printing)
    count = len(described)
    word = "component" if count == 1 else "components"
    what = "is up to date" if old == new else "written"
    say(f"{path.as_posix()} {what}: {count} {word}", printing)
    return Exit.OK


def _broken_plugin(prefix: str, reason: str, *, needed: bool) -> Diagnostic:
    advice = (
        "mend or remove the plugin; nothing was written"
        if needed
        else "this configuration does not use it, and it is left out"
    )
    return Diagnostic(
        "OTC520",
        Severity.ERROR if needed else Severity.WARNING,
        f"plugin `{prefix}` cannot be used: {reason}",
        help=advice,
    )


def _broken_component(name: str, reason: str, *, needed: bool) -> Diagnostic:
    advice = (
        "mend it; nothing was written"
        if needed
        else "this configuration does not use it, and it is left out"
    )
    return Diagnostic(
        "OTC521",
        Severity.ERROR if needed else Severity.WARNING,
        f"component `{name}` cannot be described: {reason}",
        help=advice,
    )


def _parameters(
    name: str, entry: Mapping[str, Any], *, needed: bool
) -> Diagnostic | None:
    """What a build will not make of the schema of a component's parameters."""
    if entry["parameters"] is None:
        return _unchecked(name)
    try:
        component_info(name, entry)
        keywords = unheeded(entry["parameters"])
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as odd:
        return _broken_component(name, f"its schema is not one: {odd}", needed=needed)
    if not keywords:
        return None
    words = ", ".join(f"`{keyword}`" for keyword in keywords)
    return Diagnostic(
        "OTC522",
        Severity.WARNING,
        f"the parameters of `{name}` have a schema with {words}",
        help="a build does not know that and passes it over; it is checked only when"
        " the component runs",
    )


def _unchecked(name: str) -> Diagnostic:
    return Diagnostic(
        "OTC522",
        Severity.WARNING,
        f"the parameters of `{name}` have types that JSON does not know",
        help="it is recorded without them, and they are checked only when it runs",
    )


# What `use` can name, as text and as JSON.
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
