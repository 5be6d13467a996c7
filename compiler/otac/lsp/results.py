"""What a step leaves behind, from what is known of its component."""

from collections.abc import Mapping
from typing import Any

from otac.lsp import names
from otac.lsp.keys import Rule
from otac.lsp.known import KnownTree
from otac.lsp.state import State
from otac.lsp.tree import Path


def results_of(
    state: State, known: KnownTree, use: str | None, path: Path
) -> Mapping[str, Rule]:
    """The keys of the result of a component."""
    described = None
    if use is not None:
        described = names.named(state, known, use, path)(path)
    schema: Mapping[str, Any] = {} if described is None else described.results
    return {
        name: Rule(each, schema)
        for name, each in schema.get("properties", {}).items()
        if isinstance(each, dict)
    }
