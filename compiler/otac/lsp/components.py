"""What is known of components, with the words that editors show."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from otac.catalogue import (
    ComponentInfo,
    Record,
    built_in_entries,
    look_up,
    read_record,
    split,
)
from otac.dialects.names import today


class DescribedComponent(NamedTuple):
    """A component. `parameters` and `results` are JSON Schemas, empty if not known."""

    name: str
    kind: str
    description: str
    parameters: Mapping[str, Any]
    results: Mapping[str, Any]
    services: Mapping[str, Any]


class Components:
    """The built-in components and those on record beside a configuration."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        record = read_record(folder)
        entries: dict[str, Any] = dict(_built_in())
        if isinstance(record, Record):
            entries |= {name: one.entry for name, one in record.components.items()}
        self._entries = entries
        self._imported: dict[str, DescribedComponent | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._entries))

    def get(self, name: str, aliases: Mapping[str, str]) -> DescribedComponent | None:
        """The component behind `use`."""
        seen: set[str] = set()
        while name in aliases and name not in seen:
            seen.add(name)
            name = aliases[name]
        older = today(name)
        name = name if older is None else older.name
        entry = self._entries.get(name)
        if entry is not None:
            return DescribedComponent(
                name,
                entry["kind"],
                entry["description"] or "",
                entry["parameters"] or {},
                entry["results"] or {},
                entry["services"],
            )
        if name not in self._imported:
            self._imported[name] = self._source(name)
        return self._imported[name]

    def _source(self, name: str) -> DescribedComponent | None:
        """What the source of an imported component says; nothing is imported."""
        if split(name) is None:
            return None
        found = look_up([name], self._folder).get(name)
        if not isinstance(found, ComponentInfo):
            return None
        properties = found.parameters.properties if found.parameters else None
        parameters: dict[str, Any] = {
            "properties": {each: {} for each in properties or {}}
        }
        services = {
            each: {"kind": slot.kind, "required": slot.required}
            for each, slot in found.services.items()
        }
        return DescribedComponent(name, found.kind, "", parameters, {}, services)


@cache
def _built_in() -> Mapping[str, Any]:
    return built_in_entries()
