"""What is known of one text."""

from typing import NamedTuple

from otac.lsp.layout import BlockList
from otac.lsp.outline import Outline
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
