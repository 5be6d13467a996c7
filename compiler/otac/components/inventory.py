"""`python -m otac.components.inventory`: describes components that a configuration names.

Reads `{"folder": ..., "paths": [...]}` from standard input and writes what was found there
and in the installed plugins as JSON to standard output. A process of its own, since it
imports what users have written.
"""

import importlib
import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from otac.agreed import claim_output
from otac.components.description import describe
from otac.components.outcome import Fail
from otac.components.plugins import Plugin, PluginError, installed
from otac.plain_file import read_file


class Inventory:
    """What was found, and what could not be read: (subject, reason)."""

    def __init__(self) -> None:
        self.plugins: dict[str, Any] = {}
        self.components: dict[str, Any] = {}
        self.broken_plugins: list[tuple[str, str]] = []
        self.broken_components: list[tuple[str, str]] = []

    def add_plugin(self, plugin: Plugin) -> None:
        """Every component of a plugin."""
        try:
            found = plugin.components()
        except PluginError as error:
            self.broken_plugins.append((plugin.prefix, str(error)))
            return
        self.plugins[plugin.prefix] = {
            "distribution": plugin.distribution,
            "version": plugin.version,
        }
        for name, target in found.items():
            if not callable(target):
                reason = f"`{name}` is neither a class nor a function"
                self.broken_plugins.append((plugin.prefix, reason))
            else:
                self._add(name, target, _place(target), {"plugin": plugin.prefix})

    def add_path(self, path: str) -> None:
        """What an import path such as `acme.pipes:Triage` names."""
        module, _, name = path.partition(":")
        try:
            imported = importlib.import_module(module)
            target: Any = imported
            for part in name.split("."):
                target = getattr(target, part)
        except Exception as error:  # noqa: BLE001
            text = next(iter(str(error).splitlines()), "")
            reason = f"{type(error).__name__}: {text}"
            self.broken_components.append((path, reason))
            return
        if not callable(target):
            self.broken_components.append(
                (path, "it is neither a class nor a function")
            )
            return
        source = getattr(imported, "__file__", None)
        digest = {"source": _digest(Path(source))} if source else {}
        self._add(path, target, (module, name), digest)

    def _add(
        self,
        name: str,
        target: Callable[..., Any],
        place: tuple[str, str],
        origin: dict[str, str],
    ) -> None:
        try:
            entry = describe(target)
        except Fail as error:
            self.broken_components.append((name, str(error)))
            return
        module, attribute = place
        self.components[name] = {**entry, "module": module, "name": attribute, **origin}


def _place(target: Any) -> tuple[str, str]:
    return target.__module__, target.__qualname__


def _digest(path: Path) -> str:
    return sha256(read_file(path).replace(b"\r\n", b"\n")).hexdigest()


def main() -> None:
    """Read the request, write the answer. What imported code prints goes elsewhere."""
    request = json.load(sys.stdin)
    answer = claim_output()
    sys.path.insert(0, request["folder"])
    inventory = Inventory()
    for plugin in installed():
        inventory.add_plugin(plugin)
    plugins = {*inventory.plugins, *dict(inventory.broken_plugins)}
    for path in request["paths"]:
        # `acme:Triage` looks like an import path, and may be a plugin's.
        if path.partition(":")[0] not in plugins:
            inventory.add_path(path)
    answer.write(json.dumps(vars(inventory)).encode())
    answer.close()


if __name__ == "__main__":
    main()
