"""The canonical tree as a person would write it: parameters beside `use`, order kept."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from otac.config.decode import STEP_KEYS
from otac.diagnostics.suggest import nearest
from otac.dialects.nodes import added, mapping
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_SERVICE_KEYS = frozenset(("id", "use", "params"))
# What nobody wrote stands in front of everything else here.
_FRONT = (-1, -1)
_FIRST = frozenset(("pipe_id", "defaults"))

Keys: TypeAlias = frozenset[tuple[int, int]]
# Where something stands in the file; for what an alias brought in, the alias comes first.
Place: TypeAlias = tuple[int, int]


class _Group(NamedTuple):
    """Entries that stay together, and where the first of them was written."""

    entries: list[Entry]
    place: Place | None


def keys_of(root: Node) -> Keys:
    """Where keys stand in a document."""
    return frozenset(
        (entry.key.start, entry.key.end)
        for node in nodes(root)
        if isinstance(node, Mapping)
        for entry in node
    )


def is_own(key: Scalar, keys: Keys) -> bool:
    """Whether the user wrote a key, or something else that became one."""
    return key.written is None or (key.start, key.end) in keys


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
        orchestrator = self.place(body.entries["orchestrator"])
        groups = []
        for name, one in body.entries.items():
            is_new = name == "services" and not is_own(one.key, self._keys)
            section = _with(one, self._section(name, one.value))
            groups.append(self._group([section], orchestrator if is_new else None))
        return self._sorted(body, groups)

    def place(self, entry: Entry) -> Place | None:
        """Where an entry was written first; None for what nobody wrote."""
        key, value = entry
        if is_own(key, self._keys):
            return (key.start if key.via is None else key.via.start), key.start
        found = [self.place(inner) for node in _outermost(value) for inner in node]
        return min((place for place in found if place is not None), default=None)

    def _section(self, name: str, node: Node) -> Node:
        if name == "services":
            if isinstance(node, Mapping) and any(
                one.key.text != key for key, one in node.entries.items()
            ):
                node = _listed(node)
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
            groups.append(self._group([one], _FRONT if key == "pipe_id" else None))
        return self._sorted(node, groups)

    def _pipe(self, node: Mapping, keys: frozenset[str]) -> Mapping:
        groups: list[_Group] = []
        policies: list[Entry] = []
        # Generated code passes parameters in this order, so that it stays.
        parameters: list[Entry] = []
        for key, one in node.entries.items():
            if key == "params" and self._is_flattened(one.value, node, keys):
                assert isinstance(one.value, Mapping)
                parameters += one.value.entries.values()
            elif key.startswith("retr") and key in keys:
                policies.append(one)
            elif key not in keys or key == "params":
                parameters.append(one)
            elif key != "steps":
                groups.append(self._group([one]))
        if policies:
            groups.append(self._group(policies))
        steps = node.entries.get("steps")
        if parameters:
            limit = None if steps is None else self.place(steps)
            groups.append(self._group(parameters, limit))
        if steps is not None:
            inside = _each(steps.value, lambda step: self._pipe(step, STEP_KEYS))
            groups.append(self._group([_with(steps, inside)]))
        # What merges have put together stays in the order of the language.
        is_assembled = any(one.key.via is not None for one in node)
        return self._sorted(node, groups, as_given=is_assembled)

    def _is_flattened(self, params: Node, node: Mapping, keys: frozenset[str]) -> bool:
        if not self._flatten or not isinstance(params, Mapping):
            return False
        return not any(
            name in keys or name in node.entries or _is_like_one(name, keys)
            for name in params.entries
        )

    def _group(self, entries: list[Entry], limit: Place | None = None) -> _Group:
        """Entries that stay together, in front of what was written at `limit`."""
        places = [self.place(entry) for entry in entries]
        if limit is not None:
            places.append((limit[0], limit[1] - 1))
        known = [place for place in places if place is not None]
        return _Group(entries, min(known, default=None))

    def _sorted(
        self, node: Mapping, groups: list[_Group], *, as_given: bool = False
    ) -> Mapping:
        ranked: list[tuple[Place, int, list[Entry]]] = []
        rank = _FRONT
        for number, (entries, place) in enumerate(groups):
            if not as_given:
                rank = rank if place is None else place
            if place is None and entries[0].key.text in _FIRST:
                ranked.append((_FRONT, number, entries))
            else:
                ranked.append((rank, number, entries))
        ranked.sort(key=lambda one: one[:2])
        found = {entry.key.text: entry for _, _, group in ranked for entry in group}
        return Mapping(found, node.start, node.end, node.via)


@cache
def _is_like_one(name: str, keys: frozenset[str]) -> bool:
    """Whether a parameter beside `use` would be taken for a misspelt key."""
    return nearest(name, keys) is not None


def _listed(services: Mapping) -> Sequence:
    """Services of which two have the same id, which a mapping cannot hold."""
    items: list[Node] = []
    for key, value in services:
        assert isinstance(value, Mapping)
        items.append(mapping({**added("id", key, value), **value.entries}, value))
    return Sequence(items, services.start, services.end, services.via)


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
        items = [
            arrange(one) if isinstance(one, Mapping) else one for one in node.items
        ]
        return Sequence(items, node.start, node.end, node.via)
    if isinstance(node, Mapping):
        entries = {
            key: _with(
                one, arrange(one.value) if isinstance(one.value, Mapping) else one.value
            )
            for key, one in node.entries.items()
        }
        return Mapping(entries, node.start, node.end, node.via)
    return node
