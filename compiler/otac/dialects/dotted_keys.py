"""`queue.name: x`, which stood for nested keys."""

from otac.dialects.nodes import mapping, replaced
from otac.source.document import Entry, Mapping, Node, Sequence

# The parameters that may have them.
_PARAMETERS = frozenset(
    ("ticket_search_criteria", "search_criteria", "updated_ticket", "new_ticket")
)


def nest_dotted_keys(root: Node) -> None:
    """Nest the dotted keys of search criteria and tickets, in place."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node.items)
        elif isinstance(node, Mapping):
            for key, entry in list(node.entries.items()):
                if key in _PARAMETERS:
                    node.entries[key] = Entry(entry.key, nested(entry.value))
                else:
                    pending.append(entry.value)


def nested(node: Node) -> Node:
    """`queue.name: x` as `queue: {name: x}`, at any depth of mappings."""
    if not isinstance(node, Mapping):
        return node
    entries: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        first, dot, rest = key.partition(".")
        value = nested(entry.value)
        if not (first and dot and rest) or "{{" in key:
            entries[key] = Entry(entry.key, value)
            continue
        inner = nested(mapping({rest: Entry(replaced(entry.key, rest), value)}, value))
        held = entries.get(first)
        if held is not None and isinstance(held.value, Mapping):
            assert isinstance(inner, Mapping)
            inner = mapping({**held.value.entries, **inner.entries}, held.value)
        entries[first] = Entry(replaced(entry.key, first), inner)
    return mapping(entries, node)
