"""Where the items of a long list stand, so that one can be read without the rest.

They are the runners of a configuration, or the tests of a file of tests.
"""

from bisect import bisect_right
from dataclasses import dataclass

from otac.dialects import body_of
from otac.source.anchors import Anchor
from otac.source.document import Mapping, Node, Scalar, Sequence
from otac.source.items import Whole, move, nodes, read_whole


@dataclass(slots=True)
class BlockList:
    """A file whose items are a block list.

    `around` are the list and what it is in. `starts` are the lines of the items and
    `parts` their nodes, each item itself first; `below` is the line of what follows them,
    and `rest` its nodes. By how much the nodes inside of an item have still to move is in
    `owed`: of thousands of tests, few are looked into.
    """

    listed: Sequence
    around: list[Node]
    key_column: int
    column: int
    starts: list[int]
    below: int
    parts: list[list[Node]]
    rest: list[Node]
    anchors: dict[str, Anchor]
    owed: list[int]

    @property
    def above(self) -> int:
        return self.starts[0]

    @property
    def is_of_tests(self) -> bool:
        """Whether the list is a key of the root, and not that of the runners."""
        return len(self.around) == 2

    @property
    def has_copies(self) -> bool:
        """Whether an item has something that an alias brought in."""
        return any(node.via is not None for part in self.parts for node in part)

    def part_at(self, offset: int) -> int | None:
        """The last item whose dash stands in front of an offset."""
        found = bisect_right(self.starts, offset - self.column - 2) - 1
        return None if found < 0 else found

    def splice(
        self, first: int, last: int, items: list[Node], starts: list[int]
    ) -> None:
        """Puts other items in the place of those from `first` up to `last`."""
        self.listed.items[first:last] = items
        self.starts[first:last] = starts
        self.owed[first:last] = [0] * len(items)
        self.parts[first:last] = [list(nodes(item)) for item in items]

    def move(self, first: int, shift: int) -> None:
        """Moves the items from `first` on and what stands below them."""
        self.below += shift
        for number in range(first, len(self.starts)):
            self.starts[number] += shift
            self.owed[number] += shift
            move(self.parts[number][0], shift)
        for node in self.rest:
            move(node, shift)

    def settle(self, number: int) -> None:
        """Moves what is in an item to where it stands now."""
        shift, self.owed[number] = self.owed[number], 0
        if shift:
            for node in self.parts[number][1:]:
                move(node, shift)

    def adopt(self, other: "BlockList", below: int, end: int) -> None:
        """Puts the items of another layout in the place of the only one here."""
        shift = below - self.below
        self.move(1, shift)
        self.stretch(end, shift)
        self.listed.items[:] = other.listed.items
        self.starts, self.parts, self.owed = other.starts, other.parts, other.owed

    def stretch(self, end: int, shift: int) -> None:
        """Lets the list end somewhere else, and what it is in with it."""
        old = self.listed.end
        for node in self.around:
            node.end = end if node.end == old else node.end + shift


def layout(whole: Whole, text: str) -> BlockList | None:
    """The layout of a text; None where nothing can be read on its own."""
    around, key = _way(whole.root)
    listed = around[-1] if around else None
    if key is None or not isinstance(listed, Sequence) or not listed.items:
        return None
    items = [place(item) for item in listed.items]
    starts = [text.rfind("\n", 0, at) + 1 for at in items]
    column = text.find("-", starts[0]) - starts[0]
    heads = (text[start:at] for start, at in zip(starts, items, strict=True))
    if any(head.rstrip(" ") != " " * column + "-" for head in heads):
        return None
    key_column = key.start - text.rfind("\n", 0, key.start) - 1
    if text[key.start - key_column : key.start].strip(" "):
        return None
    parts = [list(nodes(item)) for item in listed.items]
    rest = _rest(around)
    below = [node for node in rest if place(node) > starts[0]]
    end = min(map(place, below), default=len(text))
    below_line = end if not below else text.rfind("\n", 0, end) + 1
    if text[below_line:end].strip(" "):
        return None
    # What has a name must stand above: then nothing below stands for something else when
    # an item is read anew.
    for anchor in whole.anchors.values():
        if anchor.node is None or anchor.node.end > starts[0]:
            return None
    return BlockList(
        listed,
        around,
        key_column,
        column,
        starts,
        below_line,
        parts,
        below,
        whole.anchors,
        [0] * len(starts),
    )


def without_items(
    text: str, above: int, below: int, column: int
) -> tuple[Node, BlockList] | None:
    """A text with something else in the place of the items; None where that fails."""
    start = f"{text[:above]}{' ' * column}- "
    part = f"{start}0\n{text[below:]}"
    whole = read_whole(part)
    found = None if whole is None else layout(whole, part)
    if whole is None or found is None or found.column != column:
        return None
    if [item.start for item in found.listed.items] != [len(start)]:
        return None
    return whole.root, found


def _way(root: Node) -> tuple[list[Node], Scalar | None]:
    """From the root to the list, all of it written in place, and its key."""
    if not isinstance(root, Mapping):
        return [], None
    found: list[Node] = [root]
    body = body_of(root)
    if body is not root:
        found.append(body)
    key = None
    is_of_tests = "tests" in root.entries and "orchestrator" not in root.entries
    for name in ("tests",) if is_of_tests else ("orchestrator", "runners"):
        here = found[-1]
        entry = here.entries.get(name) if isinstance(here, Mapping) else None
        if entry is None or entry.key.via is not None:
            return [], None
        key = entry.key
        found.append(entry.value)
    if any(node.via is not None for node in found):
        return [], None
    return found, key


def _rest(around: list[Node]) -> list[Node]:
    """Every node that is neither in an item nor around the items."""
    skipped = set(map(id, around))
    found: list[Node] = []
    for holder in around[:-1]:
        for key, value in (
            holder.entries.values() if isinstance(holder, Mapping) else ()
        ):
            found.append(key)
            if id(value) not in skipped:
                found += nodes(value)
    return found


def place(node: Node) -> int:
    return node.start if node.via is None else node.via.start
