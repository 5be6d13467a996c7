"""Describes the built-in components for the compiler, which imports none of them.

`python -m otac.components.catalogue` writes `schemas/components.json`.
"""

import inspect
import json
from pathlib import Path
from typing import Any

from otac import components
from otac.components.component import Component
from otac.components.description import UNKNOWN, describe, kind

_FILE = Path(__file__).parents[3] / "schemas" / "components.json"


def catalogue() -> dict[str, Any]:
    """Every built-in component by name: what it is for, takes and returns."""
    described: dict[str, Any] = {}
    for name in sorted(components.__all__):
        member = getattr(components, name)
        if not isinstance(member, type) or member is Component:
            continue
        if getattr(member, "_is_protocol", False) or kind(member) == UNKNOWN:
            continue
        entry = describe(member)
        described[name] = {
            "kind": entry["kind"],
            "module": components.__name__,
            **entry,
            "stops": "raise Stop(" in inspect.getsource(member),
        }
    return described


def render() -> str:
    """The text of the file."""
    return json.dumps(catalogue(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    _FILE.write_text(render(), encoding="utf-8", newline="\n")
