"""Keys that translation has made, led back to what the user wrote for them."""

from typing import TypeAlias

from otac.migrate.order import Keys, is_own, nodes
from otac.source.document import Entry, Mapping, Node, Rewritten, Scalar

# What had another name in some form, and stood in the same mapping.
_OLDER = {
    "infrastructure": ("general_config",),
    "runners": ("steps", "pipelines"),
    "services": ("defs",),
}
_Places: TypeAlias = dict[tuple[int, int], Mapping]


def lead_back(root: Node, original: Node, keys: Keys) -> None:
    """Give made keys the place of the key that stands for them, in place.

    Translation makes some keys anew, at the mapping they belong into; where this mapping
    of the user's has such a key, comments about it are about the new one.
    """
    places: _Places = {}
    for node in nodes(original):
        if isinstance(node, Mapping) and node.via is None:
            places.setdefault((node.start, node.end), node)
    for node in nodes(root):
        if isinstance(node, Mapping) and node.via is None:
            _lead_back(node, places.get((node.start, node.end)), keys)


def _lead_back(node: Mapping, original: Mapping | None, keys: Keys) -> None:
    if original is None:
        return
    taken = {one.key.start for one in node if is_own(one.key, keys)}
    for name, (key, value) in node.entries.items():
        if is_own(key, keys):
            continue
        for older in (name, *_OLDER.get(name, ())):
            found = original.entries.get(older)
            if found is not None and found.key.start not in taken:
                node.entries[name] = Entry(_at(name, found.key), value)
                break


def _at(name: str, key: Scalar) -> Scalar:
    written = None if key.text == name else Rewritten(key.text)
    return Scalar(name, name, key.style, key.start, key.end, key.via, written)
