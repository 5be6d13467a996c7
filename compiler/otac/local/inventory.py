"""Asks Python, in a process of its own, which components there are."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otac.diagnostics.diagnostic import Diagnostic, error


@dataclass(frozen=True, slots=True)
class RecordedInventory:
    """Plugins and components as the record has them, and (name, reason) of what failed."""

    plugins: dict[str, Any]
    components: dict[str, Any]
    broken_plugins: tuple[tuple[str, str], ...]
    broken_components: tuple[tuple[str, str], ...]


def take_inventory(
    folder: Path, paths: Sequence[str]
) -> RecordedInventory | Diagnostic:
    """Import every plugin that is installed and each of the import paths, and describe it.

    What the imported code prints goes to standard error.
    """
    done = subprocess.run(
        [sys.executable, "-m", "otac.components.inventory"],
        input=json.dumps({"folder": str(folder.resolve()), "paths": list(paths)}),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    try:
        raw = json.loads(done.stdout)
        return RecordedInventory(
            raw["plugins"],
            raw["components"],
            tuple((name, reason) for name, reason in raw["broken_plugins"]),
            tuple((name, reason) for name, reason in raw["broken_components"]),
        )
    except (ValueError, KeyError):
        return error(
            "OTC523",
            f"the imported code ended the process with status {done.returncode}",
            help="a module must not end Python when it is imported; what it printed "
            "stands above",
        )
