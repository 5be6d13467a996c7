"""All components that a configuration can name."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from otac import resources
from otac.catalogue.component import ComponentInfo, ServiceSlot
from otac.config.schema import compile_schema


class Missing:
    """A module or an object in it that could not be found.

    `candidates` are the public names that the module does have; None where the module
    itself is missing.
    """

    def __init__(self, module: str, candidates: Iterable[str] | None = None) -> None:
        self.module = module
        self.candidates = None if candidates is None else tuple(candidates)


class Catalogue:
    """The built-in components and the ones a configuration imports.

    `imported` maps what stands behind `use` (`acme.pipes:Triage`) to what was found there.
    """

    def __init__(
        self,
        sources: Mapping[str, Mapping[str, Any]],
        imported: Mapping[str, ComponentInfo | Missing] | None = None,
    ) -> None:
        self._sources = sources
        self._imported = dict(imported or {})
        self._built_in: dict[str, ComponentInfo] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The built-in names, sorted."""
        return tuple(sorted(self._sources))

    def built_in(self, name: str) -> ComponentInfo | None:
        """A built-in component; its schema is compiled when it is first asked for."""
        found = self._built_in.get(name)
        if found is None and name in self._sources:
            found = self._built_in[name] = _component(name, self._sources[name])
        return found

    def behind(self, module: str, attribute: str) -> ComponentInfo | None:
        """What is known of the component that a step calls."""
        found = self.built_in(attribute)
        if found is not None and found.module == module:
            return found
        return self._by_object.get((module, attribute))

    @cached_property
    def _by_object(self) -> Mapping[tuple[str, str], ComponentInfo]:
        return {
            (info.module, info.attribute): info
            for info in self._imported.values()
            if isinstance(info, ComponentInfo)
        }

    def imported(self, name: str) -> ComponentInfo | Missing | None:
        """What an import path names."""
        return self._imported.get(name)

    def with_imported(
        self, imported: Mapping[str, ComponentInfo | Missing]
    ) -> "Catalogue":
        """This catalogue, with what a configuration imports."""
        return Catalogue(self._sources, imported)


def built_in_catalogue() -> Catalogue:
    """The components that come with otac (`schemas/components.json`)."""
    path = resources.folder("schemas") / "components.json"
    return Catalogue(json.loads(path.read_text(encoding="utf-8")))


def _component(name: str, source: Mapping[str, Any]) -> ComponentInfo:
    return ComponentInfo(
        name=name,
        kind=source["kind"],
        module=source["module"],
        attribute=name,
        parameters=compile_schema(source["parameters"]),
        services={
            parameter: ServiceSlot(slot["kind"], slot["required"])
            for parameter, slot in source["services"].items()
        },
        results=compile_schema(source["results"]) if source["results"] else None,
        network=source["network"],
        stops=source["stops"],
    )
