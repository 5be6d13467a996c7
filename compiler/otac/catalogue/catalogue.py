"""All components that a configuration can name."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from otac import resources
from otac.catalogue.record import ComponentInfo, Record, RecordedPlugin, component_info


class NotFound:
    """A module or an object in it that could not be found.

    `candidates` are the public names that the module does have; None where the module
    itself is missing, or is there and cannot be read: then `broken` says why.
    """

    def __init__(
        self,
        module: str,
        candidates: Iterable[str] | None = None,
        broken: str = "",
    ) -> None:
        self.module = module
        self.broken = broken
        self.candidates = None if candidates is None else tuple(candidates)


class Catalogue:
    """The built-in components, those on record and the ones a configuration imports.

    `imported` maps what stands behind `use` (`acme.pipes:Triage`) to what was found there.
    """

    def __init__(
        self,
        sources: Mapping[str, Mapping[str, Any]],
        imported: Mapping[str, ComponentInfo | NotFound] | None = None,
        record: Record | None = None,
        *,
        damaged: bool = False,
    ) -> None:
        self._sources = sources
        self._imported = dict(imported or {})
        self._record = record
        # What is on record cannot be read, and is not to be called unknown.
        self.damaged = damaged
        self._built_in: dict[str, ComponentInfo] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The built-in names, sorted."""
        return tuple(sorted(self._sources))

    def built_in(self, name: str) -> ComponentInfo | None:
        """A built-in component; its schema is compiled when it is first asked for."""
        found = self._built_in.get(name)
        if found is None and name in self._sources:
            source = self._sources[name]
            found = self._built_in[name] = component_info(name, source, foreign=False)
        return found

    def behind(self, module: str, attribute: str) -> ComponentInfo | None:
        """What is known of the component that a step calls."""
        found = self.built_in(attribute)
        if found is not None and found.module == module:
            return found
        return self._by_object.get((module, attribute))

    @cached_property
    def _by_object(self) -> Mapping[tuple[str, str], ComponentInfo]:
        recorded = {} if self._record is None else self._record.components
        known = [
            *(one.info for one in recorded.values()),
            *(one for one in self._imported.values() if isinstance(one, ComponentInfo)),
        ]
        return {(info.module, info.attribute): info for info in known}

    def imported(self, name: str) -> ComponentInfo | NotFound | None:
        """What an import path names."""
        return self._imported.get(name)

    def recorded(self, name: str) -> ComponentInfo | None:
        """A component of a plugin, such as `acme:Triage`."""
        found = None if self._record is None else self._record.find(name)
        return None if found is None or found.plugin is None else found.info

    @property
    def recorded_names(self) -> tuple[str, ...]:
        """Every component of every plugin on record."""
        known = {} if self._record is None else self._record.components
        return tuple(name for name, found in known.items() if found.plugin is not None)

    @property
    def plugins(self) -> Mapping[str, RecordedPlugin]:
        """The plugins on record, by prefix."""
        return {} if self._record is None else self._record.plugins

    def knowing(
        self,
        imported: Mapping[str, ComponentInfo | NotFound],
        record: Record | None,
        *,
        damaged: bool = False,
    ) -> "Catalogue":
        """This catalogue, with what a configuration imports and what is on record."""
        return Catalogue(self._sources, imported, record, damaged=damaged)


def built_in_catalogue() -> Catalogue:
    """The components that come with otac."""
    return Catalogue(built_in_entries())


def built_in_entries() -> dict[str, Any]:
    """What `schemas/components.json` says of each."""
    path = resources.folder("schemas") / "components.json"
    entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return entries
