"""`otac.components.json`: what `otac components sync` has found out about components.

A build reads this file instead of importing what it describes.
"""

import json
import keyword
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from otac.config.schema import Schema, compile_schema

# What the compiler knows of a component without importing it.
TICKET_SYSTEM = "ticket_system"
CLASSIFIER = "classifier"
NOTIFIER = "notifier"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceSlot:
    """A parameter that takes a service.

    `kind` is `ticket_system`, `classifier`, `notifier` or `unknown` (the component's own
    protocol). `methods` are those that it is asked for, as far as that is known.
    """

    kind: str
    required: bool
    methods: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """A component as the checks and the lowering see it.

    `kind` is `pipe`, one of those, or `unknown`. `parameters` is the schema of its
    parameters, `results` that of the mapping it returns; None where they are not known.
    `network` says that it talks to one and sets no timeout of its own. `stops` tells
    whether it can end a run by raising `Stop`; None where its source has not been read.
    `blocks` is a call with which an `async def` holds up everything else.
    """

    name: str
    kind: str
    module: str
    attribute: str
    parameters: Schema | None
    services: Mapping[str, ServiceSlot] = field(
        default_factory=lambda: MappingProxyType({})
    )
    results: Schema | None = None
    network: bool = False
    stops: bool | None = None
    methods: frozenset[str] | None = None
    blocks: str | None = None


FORMAT = 1

_SLOTS = (TICKET_SYSTEM, CLASSIFIER, NOTIFIER, UNKNOWN)


@dataclass(frozen=True, slots=True)
class RecordedPlugin:
    """The distribution that a prefix such as `acme` stands for."""

    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class RecordedComponent:
    """One entry. `plugin` is its prefix; `source` the digest of its module.

    Each is None where it is the other's case, or not known.
    """

    info: ComponentInfo
    plugin: str | None
    source: str | None
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything recorded; `edited` if somebody else than otac has written it."""

    plugins: Mapping[str, RecordedPlugin]
    components: Mapping[str, RecordedComponent]
    edited: bool

    def find(self, name: str) -> RecordedComponent | None:
        """By the name that was recorded: `acme:Triage` or `acme.pipes:Triage`."""
        return self.components.get(name)


class DamagedRecord(Exception):
    """The file cannot be used; the text says why."""


def encode_record(plugins: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    """The text of the file, the same for the same components everywhere."""
    whole = {
        "about": "Written by `otac components sync`. Do not edit.",
        "format": FORMAT,
        "digest": _digest(plugins, components),
        "plugins": plugins,
        "components": components,
    }
    return json.dumps(_sorted(whole), indent=2, ensure_ascii=False) + "\n"


def decode_record(data: bytes) -> Record:
    """Read the file. Raises `DamagedRecord`."""
    try:
        raw = json.loads(data)
    except UnicodeDecodeError:
        raise DamagedRecord("it is not UTF-8") from None
    except RecursionError:
        raise DamagedRecord("it is nested too deeply") from None
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise DamagedRecord(f"it is not JSON: {place}") from None
    except ValueError:
        raise DamagedRecord("it holds a number of thousands of digits") from None
    if not isinstance(raw, dict) or "format" not in raw:
        raise DamagedRecord("it is not a record of components")
    if raw["format"] != FORMAT:
        raise DamagedRecord(f"its format is not {FORMAT}, which this otac reads")
    plugins, components = raw.get("plugins"), raw.get("components")
    if not isinstance(plugins, dict) or not isinstance(components, dict):
        raise DamagedRecord("it has no `plugins` and `components`")
    return Record(
        {prefix: _plugin(prefix, entry) for prefix, entry in plugins.items()},
        {name: _component(name, entry) for name, entry in components.items()},
        edited=raw.get("digest") != _digest(plugins, components),
    )


def _plugin(prefix: str, entry: Any) -> RecordedPlugin:
    try:
        return RecordedPlugin(_text(entry["distribution"]), _text(entry["version"]))
    except (KeyError, TypeError, ValueError):
        raise DamagedRecord(f"its entry for plugin `{prefix}` is not whole") from None


def _component(name: str, entry: Any) -> RecordedComponent:
    try:
        info = component_info(name, entry)
        plugin, source = entry.get("plugin"), entry.get("source")
        _text(entry["description"] or "")
        return RecordedComponent(
            info,
            None if plugin is None else _text(plugin),
            None if source is None else _text(source),
            entry,
        )
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise DamagedRecord(f"its entry for `{name}` is not whole") from None


def component_info(
    name: str, entry: Mapping[str, Any], *, foreign: bool = True
) -> ComponentInfo:
    """A component from its entry, here and in `schemas/components.json` alike.

    Raises what comes up where the entry is not one.
    """
    stops = entry.get("stops")
    return ComponentInfo(
        name=name,
        kind=_kind(entry["kind"], ("pipe", *_SLOTS)),
        module=_path(entry["module"]),
        attribute=_path(entry.get("name", name)),
        parameters=_schema(entry["parameters"], foreign),
        services={
            _text(parameter): ServiceSlot(
                _kind(slot["kind"], _SLOTS),
                bool(slot["required"]),
                frozenset(map(_text, slot.get("methods", ()))),
            )
            for parameter, slot in entry["services"].items()
        },
        results=_schema(entry["results"], foreign),
        network=bool(entry["network"]),
        stops=None if stops is None else bool(stops),
    )


def _schema(source: Any, foreign: bool) -> Schema | None:
    if source is None:
        return None
    schema = compile_schema(source, foreign=foreign)
    if foreign:
        _refuse_circles(schema, {})
    return schema


def _refuse_circles(schema: Schema, above: dict[int, bool]) -> None:
    """No value would ever get out of a schema that is one of its own alternatives.

    `above` maps a schema to whether it is still being looked at.
    """
    if id(schema) in above:
        if above[id(schema)]:
            raise ValueError("a schema leads back to itself")
        return
    above[id(schema)] = True
    for alternative in schema.alternatives:
        _refuse_circles(alternative, above)
    above[id(schema)] = False
    inner = [*(schema.properties or {}).values(), *(s for _, s in schema.patterns)]
    inner += [s for s in (schema.items, schema.additional) if isinstance(s, Schema)]
    for each in inner:
        if not above.get(id(each)):
            _refuse_circles(each, above)


def _kind(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError("no kind of component")
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _path(value: Any) -> str:
    """Names that are written into generated code as they are."""
    path = _text(value)
    if not all(is_importable(part) for part in path.split(".")):
        raise ValueError("nothing that can be imported")
    return path


def _digest(plugins: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    whole = json.dumps([plugins, components], sort_keys=True, ensure_ascii=True)
    return sha256(whole.encode()).hexdigest()


def _sorted(value: Mapping[str, Any]) -> dict[str, Any]:
    """Names in order; within an entry the order says something, and stays."""
    listed = dict(value)
    for key in ("plugins", "components"):
        listed[key] = {name: value[key][name] for name in sorted(value[key])}
    return listed


# Names that can stand in an import statement.
def is_importable(name: str) -> bool:
    """Whether an import statement may name it, and means exactly these characters."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and name != "__debug__"
        and unicodedata.normalize("NFKC", name) == name
    )
