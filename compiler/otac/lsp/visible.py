"""Which steps can be named at a place that is being typed."""

from otac.check.scope import StepScope, find, visible, visible_paths
from otac.lower.project import Step
from otac.lsp.known import KnownTree
from otac.lsp.outline import Placed
from otac.lsp.tree import Path


def scope_at(known: KnownTree, path: Path) -> StepScope | None:
    """The place in a list of steps that a path leads to."""
    found = known.outline.list_of(path)
    return None if found is None else found[1]


def visible_steps(known: KnownTree, path: Path) -> tuple[str, ...]:
    """The ids that can be asked for, nearest first, then paths into composites."""
    scope = scope_at(known, path)
    if scope is None:
        return ()
    found = (*visible(scope), *visible_paths(scope))
    return tuple(name for name in dict.fromkeys(found) if name)


def step_named(known: KnownTree, path: Path, name: str) -> Placed | None:
    """The step that a name means at a path."""
    scope, part = scope_at(known, path), known.outline.part_of(path)
    found = None if scope is None else find(scope, name)
    return part.placed(found) if part is not None and isinstance(found, Step) else None
