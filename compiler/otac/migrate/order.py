"""The canonical tree as a person would write it: parameters beside `use`, order kept."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from otac.config.decode import STEP_KEYS
from otac.diagnostics.suggest import nearest
from otac.source.document import Entry, Mapping, Node, Sequence

_SERVICE_KEYS = frozenset(("id", "use", "params"))
# What nobody wrote stands in front of everything else here.
_FIRST = frozenset(("pipe_id", "defaults"))

Keys: TypeAlias = frozenset[tuple[int, int]]


class _Group(NamedTuple):
    """Entries that stay together, and where the first of them was written."""

    entries: list[Entry]
    place: int | None


def keys_of(root: Node) -> Keys:
    """Where keys stand in a document."""
    return frozenset(
        (entry.key.start, entry.key.end)
        for node in nodes(root)
        if isinstance(node, Mapping)
        for entry in node
    )


def nodes(root: Node) -> Iterator[Node]:
    """A node and everything in it, in order."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Mapping):
            pending.extend(entry.value for entry in reversed(node.entries.values()))
        elif isinstance(node, Sequence):
            pending.extend(reversed(node.items))


class Order:
    """Arranges the tree of one document.

    With `flatten`, parameters move from `params` to the other keys, where they cannot be
    taken for something else.
    """

    def __init__(self, keys: Keys, *, flatten: bool) -> None:
        self._keys = keys
        self._flatten = flatten

    def body(self, body: Mapping) -> Mapping:
        """The body of a configuration."""
        groups = [
            self._group([_with(one, self._section(name, one.value))])
            for name, one in body.entries.items()
        ]
        return self._sorted(body, groups)

    def place(self, entry: Entry) -> int | None:
        """Where an entry was written first; None for what nobody wrote."""
        key, value = entry
        if key.via is not None:
            return key.via.start
        if (key.start, key.end) in self._keys:
            return key.start
        found = [
            self.place(inner)
            for node in _outermost(value)
            for inner in node
        ]
        return min((place for place in found if place is not None), default=None)

    def _section(self, name: str, node: Node) -> Node:
        if name == "services":
            return _each(node, lambda service: self._pipe(service, _SERVICE_KEYS))
        if name == "orchestrator" and isinstance(node, Mapping):
            groups = [
                self._group(
                    [
                        _with(one, _each(one.value, self._runner))
                        if key == "runners"
                        else one
                    ]
                )
                for key, one in node.entries.items()
            ]
            return self._sorted(node, groups)
        return node

    def _runner(self, node: Mapping) -> Mapping:
        groups = []
        for key, one in node.entries.items():
            if key == "pipe" and isinstance(one.value, Mapping):
                one = _with(one, self._pipe(one.value, STEP_KEYS))
            groups.append(self._group([one], first=key == "pipe_id"))
        return self._sorted(node, groups)

    def _pipe(self, node: Mapping, keys: frozenset[str]) -> Mapping:
        groups = []
        # Generated code passes parameters in this order, so that it stays.
        parameters: list[Entry] = []
        for key, one in node.entries.items():
            if key == "steps":
                steps = _each(one.value, lambda step: self._pipe(step, STEP_KEYS))
                groups.append(self._group([_with(one, steps)]))
            elif key == "params" and self._is_flattened(one.value, node, keys):
                assert isinstance(one.value, Mapping)
                parameters += one.value.entries.values()
            elif key in keys:
                groups.append(self._group([one]))
            else:
                parameters.append(one)
        if parameters:
            at = next(
                (n for n, group in enumerate(groups) if _named(group, "steps")),
                len(groups),
            )
            groups.insert(at, self._group(parameters))
        return self._sorted(node, groups)

    def _is_flattened(self, params: Node, node: Mapping, keys: frozenset[str]) -> bool:
        if not self._flatten or not isinstance(params, Mapping):
            return False
        return not any(
            name in keys or name in node.entries or nearest(name, sorted(keys))
            for name in params.entries
        )

    def _group(self, entries: list[Entry], *, first: bool = False) -> _Group:
        if first:
            return _Group(entries, -1)
        places = [self.place(entry) for entry in entries]
        return _Group(
            entries, min((one for one in places if one is not None), default=None)
        )

    def _sorted(self, node: Mapping, groups: list[_Group]) -> Mapping:
        ranked: list[tuple[int, int, list[Entry]]] = []
        rank = -1
        for number, (entries, place) in enumerate(groups):
            rank = rank if place is None else place
            if place is None and entries[0].key.text in _FIRST:
                ranked.append((-1, number, entries))
            else:
                ranked.append((rank, number, entries))
        ranked.sort(key=lambda one: one[:2])
        found = {entry.key.text: entry for _, _, group in ranked for entry in group}
        return Mapping(found, node.start, node.end, node.via)


def _named(group: _Group, name: str) -> bool:
    return group.entries[0].key.text == name


def _with(entry: Entry, value: Node) -> Entry:
    return Entry(entry.key, value)


def _outermost(node: Node) -> Iterator[Mapping]:
    """The mappings in a value that lie in no other."""
    if isinstance(node, Mapping):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _outermost(item)


def _each(node: Node, arrange: Callable[[Mapping], Mapping]) -> Node:
    """A list or mapping of mappings with each of them arranged."""
    if isinstance(node, Sequence):
        items = [arrange(one) if isinstance(one, Mapping) else one for one in node.items]
        return Sequence(items, node.start, node.end, node.via)
    if isinstance(node, Mapping):
        entries = {
            key: _with(one, arrange(one.value) if isinstance(one.value, Mapping) else one.value)
            for key, one in node.entries.items()
        }
        return Mapping(entries, node.start, node.end, node.via)
    return node
