"""What is known of one text."""

from typing import NamedTuple

from otac.check.scope import StepScope, find, visible, visible_paths
from otac.lower.project import Step
from otac.lsp.layout import BlockList
from otac.lsp.outline import Outline, Placed
from otac.lsp.tree import Path
from otac.source.document import Document


class KnownTree(NamedTuple):
    """A tree, and the runners and steps in it.

    Of tests, only the tree: what is inside of one has its place once it is `settled`.
    """

    document: Document
    outline: Outline
    layout: BlockList | None = None

    def settle(self, number: int | None = None) -> None:
        """Sees to it that places inside of an item are right, or of all items."""
        if self.layout is not None:
            count = len(self.layout.starts)
            for one in range(count) if number is None else (number,):
                self.layout.settle(one)

    def settle_at(self, offset: int) -> None:
        """The same for the item at an offset."""
        number = None if self.layout is None else self.layout.part_at(offset)
        if number is not None:
            self.settle(number)


# Which steps can be named at a place that is being typed.
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
