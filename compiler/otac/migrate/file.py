"""The whole of a migrated file around its body."""

from collections.abc import Iterator

from otac.dialects import body_of
from otac.dialects.nodes import replaced
from otac.migrate.order import nodes
from otac.source.document import Entry, Mapping, Node, Sequence
from otac.source.source_text import encoding_of

_BODY = "open_ticket_ai"
_KNOWN = ("$schema", "definitions")


def file_of(root: Mapping, body: Mapping) -> Mapping:
    """The root of the new file: the body where it was, and what stood beside it.

    Definitions whose aliases were written out go; others stay. Keys that no form has for
    them move below `x-`, where everything is allowed.
    """
    brought_in = frozenset(_starts(root))
    is_wrapped = body_of(root) is not root
    entries: dict[str, Entry] = {}
    for name, entry in (root if is_wrapped else body).entries.items():
        known = name in _KNOWN or name.startswith("x-")
        if is_wrapped and name == _BODY:
            entries[name] = Entry(entry.key, body)
        elif is_wrapped or known:
            value = _kept(entry.value, brought_in)
            if value is not None:
                key = entry.key if known else replaced(entry.key, f"x-{name}")
                entries[key.text] = Entry(key, value)
        else:
            entries[name] = entry
    return Mapping(entries, root.start, root.end)


def _starts(root: Node) -> Iterator[int]:
    """Where everything stands that an alias or a merge has brought in."""
    for node in nodes(root):
        if node.via is not None:
            yield node.start
        if isinstance(node, Mapping):
            yield from (one.key.start for one in node if one.key.via is not None)


def _kept(node: Node, brought_in: frozenset[int]) -> Node | None:
    """A definition without what was written out where it is used; None if nothing stays."""
    if node.start in brought_in or _is_merged(node, brought_in):
        return None
    if isinstance(node, Sequence):
        items = [item for item in node.items if not _has_some(item, brought_in)]
        return (
            Sequence(items, node.start, node.end) if items or not node.items else None
        )
    if isinstance(node, Mapping):
        entries = {
            name: one
            for name, one in node.entries.items()
            if not _has_some(one.value, brought_in)
        }
        if node.entries and not entries:
            return None
        return Mapping(entries, node.start, node.end)
    return node


def _is_merged(node: Node, brought_in: frozenset[int]) -> bool:
    return isinstance(node, Mapping) and any(
        one.key.start in brought_in for one in node
    )


def _has_some(node: Node, brought_in: frozenset[int]) -> bool:
    """Whether some part of it was brought in somewhere; its own aliases do not count."""
    return any(
        inner.via is None
        and (inner.start in brought_in or _is_merged(inner, brought_in))
        for inner in nodes(node)
    )


# The bytes of a file, written as another file was.
def encoded_like(text: str, data: bytes) -> bytes:
    """The text with the line ends, the encoding and the byte order mark of some bytes."""
    encoding, skipped = encoding_of(data)
    old = data[skipped:].decode(encoding, "replace")
    at = min((at for at in map(old.find, "\r\n") if at >= 0), default=-1)
    if at >= 0 and old[at] == "\r":
        text = text.replace("\n", "\r\n" if old.startswith("\r\n", at) else "\r")
    return data[:skipped] + text.encode(encoding, "surrogatepass")
