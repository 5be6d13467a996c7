"""Installed plugins, found by their entry points, and the components in them.

A plugin of otac's own has an entry point of the group `otac.components` for each component;
one of Open Ticket AI has an entry point of the group `open_ticket_ai.plugins` for a class
that lists its components.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, distributions
from typing import Any

from otac.components.open_ticket_ai.base import AppConfig
from otac.components.outcome import Fail

OWN = "otac.components"
THEIRS = "open_ticket_ai.plugins"


class PluginError(Exception):
    """A plugin that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """The entry points of one group that belong to one prefix: `acme` of `acme:Triage`."""

    prefix: str
    group: str
    distribution: str
    version: str
    entry_points: tuple[EntryPoint, ...]

    def components(self) -> dict[str, Callable[..., Any]]:
        """The components by the names that a configuration uses, such as `acme:Triage`.

        Imports the plugin. Raises `PluginError`.
        """
        if self.group == OWN:
            return {f"{self.prefix}:{e.name}": _load(e) for e in self.entry_points}
        found: dict[str, Callable[..., Any]] = {}
        for entry_point in self.entry_points:
            found |= self._listed(entry_point)
        return found

    def _listed(self, entry_point: EntryPoint) -> dict[str, Callable[..., Any]]:
        plugin_class = _load(entry_point)
        try:
            plugin = plugin_class(AppConfig())
            return {
                self._name(plugin, each): each for each in plugin._get_all_injectables()
            }
        except Exception as error:
            raise PluginError(
                f"it cannot list its components: {_line(error)}"
            ) from error

    def _name(self, plugin: Any, target: Any) -> str:
        named = getattr(plugin, "get_registry_name", None)
        if callable(named):
            return str(named(target))
        # A plugin with a protocol of its own need not know names.
        return f"{self.prefix}:{target.__name__}"


def installed() -> list[Plugin]:
    """Every plugin, by prefix and group. Imports none of them."""
    found: dict[tuple[str, str], Plugin] = {}
    seen: set[str] = set()
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if not name or name in seen:
            # Python takes the first one on its path, too.
            continue
        seen.add(name)
        for entry_point in distribution.entry_points:
            if entry_point.group not in (OWN, THEIRS):
                continue
            prefix = _prefix(entry_point, name)
            key = prefix, entry_point.group
            more = found[key].entry_points if key in found else ()
            found[key] = Plugin(*key, name, distribution.version, (*more, entry_point))
    return [found[key] for key in sorted(found)]


@cache
def component(name: str) -> Callable[..., Any]:
    """The component that a name such as `acme:Triage` means here. Raises `Fail`."""
    prefix = name.partition(":")[0]
    for plugin in installed():
        if plugin.prefix == prefix:
            try:
                found = plugin.components()
            except PluginError as error:
                raise Fail(f"plugin `{prefix}` cannot be used: {error}") from None
            if name in found:
                return found[name]
    return _imported(name, prefix)


def _imported(name: str, module: str) -> Callable[..., Any]:
    """A module may have a plugin's name."""
    try:
        found: Any = importlib.import_module(module)
        for part in name.partition(":")[2].split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        raise Fail(
            f"no plugin that is installed here has a component `{name}`"
        ) from None
    target: Callable[..., Any] = found
    return target


def _prefix(entry_point: EntryPoint, distribution: str) -> str:
    """For Open Ticket AI the package's name without `otai`, else the distribution's."""
    if entry_point.group == OWN:
        return distribution.lower().replace("_", "-")
    package = entry_point.value.partition(":")[0].partition(".")[0]
    return package.replace("_", "-").replace(AppConfig.PLUGIN_NAME_PREFIX, "")


def _load(entry_point: EntryPoint) -> Any:
    try:
        return entry_point.load()
    except Exception as error:
        raise PluginError(f"`{entry_point.value}`: {_line(error)}") from error


def _line(error: BaseException) -> str:
    text = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
