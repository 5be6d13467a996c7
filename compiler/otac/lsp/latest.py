"""The tree of the latest text that was YAML, from which that of the next one is made."""

from typing import NamedTuple

from otac.lsp.known import KnownTree
from otac.lsp.layout import BlockList, layout, place, without_items
from otac.lsp.outline import outline
from otac.source.document import Document, Node, Span
from otac.source.items import read_items, read_whole


# What is different between two texts, as one part that was replaced.
class TextChange(NamedTuple):
    """Instead of the old text from `start` to `old_end` stands the new one to `new_end`."""

    start: int
    old_end: int
    new_end: int

    @property
    def shift(self) -> int:
        """How far what follows has moved."""
        return self.new_end - self.old_end

    def moved(self, span: Span) -> Span | None:
        """Where a part of the old text stands now; None if it may not be the same."""
        via = None if span.via is None else self.moved(span.via)
        if (via is None) != (span.via is None):
            return None
        if span.end < self.start:
            return Span(span.start, span.end, via)
        if span.start > self.old_end:
            return Span(span.start + self.shift, span.end + self.shift, via)
        return None


def change(old: str, new: str) -> TextChange:
    """The smallest part that explains the difference."""
    most = min(len(old), len(new))
    start = _common(old, new, most)
    most -= start
    end = _common_end(old, new, most)
    return TextChange(start, len(old) - end, len(new) - end)


def _common(old: str, new: str, most: int) -> int:
    """With how many equal characters they begin; found by halving, which compares fast."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if old[least:middle] == new[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _common_end(old: str, new: str, most: int) -> int:
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        before, after = len(old) - least, len(new) - least
        if old[len(old) - middle : before] == new[len(new) - middle : after]:
            least = middle
        else:
            most = middle - 1
    return least


class Latest:
    """Reads one text of a document after the other.

    Only the runners or tests that were changed are read; the nodes of the others are
    moved. So what `at` returned for one text is of no use after it was asked for another.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: KnownTree | None = None
        self._layout: BlockList | None = None
        self._refused: str | None = None

    @property
    def known(self) -> KnownTree | None:
        """What was read last; None if nothing ever was."""
        return self._known

    def at(self, text: str) -> KnownTree | None:
        """The tree of a text; None where it is no YAML."""
        if self._known is not None and self._known.document.text == text:
            return self._known
        if self._refused == text:
            return None
        try:
            is_sound = self._read(text)
        except BaseException:
            # A tree that was changed in part must not be asked again.
            self._known = self._layout = None
            raise
        if is_sound:
            return self._known
        self._refused = text
        return None

    def _read(self, text: str) -> bool:
        if self._known is not None and self._layout is not None:
            done = self._reread(text, self._known, self._layout)
            if done is not None:
                return done
        whole = read_whole(text)
        if whole is None:
            return False
        self._layout = layout(whole, text)
        self._keep(whole.root, text)
        return True

    def _keep(self, root: Node, text: str) -> None:
        before = None if self._known is None else self._known.outline
        document = Document(self._name, text, root)
        self._known = KnownTree(document, outline(document, before), self._layout)
        if self._layout is not None and not self._layout.is_of_tests:
            # Of a configuration everything may be asked.
            self._known.settle()

    def _reread(self, text: str, known: KnownTree, at: BlockList) -> bool | None:
        """Whether the text is YAML; None where only reading all of it can tell."""
        changed = change(known.document.text, text)
        if changed.old_end < at.above:
            return self._above(text, at, changed)
        first = at.part_at(changed.start)
        if first is None:
            return None
        shift = changed.shift
        ahead = [one for one in at.starts[first + 1 :] if one >= changed.old_end]
        lines = frozenset(one + shift for one in ahead)
        start = at.starts[first]
        found = read_items(text, start, at.key_column, lines, at.anchors)
        if found is None:
            return False
        if found.names:
            return None
        starts = [text.rfind("\n", 0, place(item)) + 1 for item in found.items]
        root = known.document.root
        if not found.closes:
            last = at.starts.index(found.stop - shift, first)
            at.move(last, shift)
            at.stretch(at.listed.end + shift, shift)
            at.splice(first, last, found.items, starts)
        elif changed.old_end <= at.below and found.stop == at.below + shift:
            at.move(len(at.starts), shift)
            at.stretch(found.end, shift)
            at.splice(first, len(at.starts), found.items, starts)
        else:
            fresh = without_items(text, at.above, found.stop, at.column)
            if fresh is None:
                return None
            at.splice(first, len(at.starts), found.items, starts)
            fresh[1].adopt(at, found.stop, found.end)
            root, self._layout = fresh
        self._keep(root, text)
        return True

    def _above(self, text: str, at: BlockList, changed: TextChange) -> bool | None:
        """The same for a change above the items."""
        if at.has_copies:
            return None
        above, below = at.above + changed.shift, at.below + changed.shift
        fresh = without_items(text, above, below, at.column)
        if fresh is None:
            return None
        end = at.listed.end + changed.shift
        at.move(0, changed.shift)
        fresh[1].adopt(at, below, end)
        root, self._layout = fresh
        self._keep(root, text)
        return True
