"""Older names in today's form -> today's names, and not a character more."""

from typing import TypeAlias

from otac import source
from otac.dialects import body_of, use_todays_names
from otac.migrate.order import Keys, is_own, nodes
from otac.migrate.scalar_text import key_text, scalar_text
from otac.source.document import Document, Entry, Mapping, Node, Rewritten, Scalar


def with_new_names(original: Document, body: Mapping) -> str | None:
    """The text with each name replaced where it stands, anchors and all.

    `body` is in today's form and under today's names. None where that takes more than
    other names: a service that has to be added, a definition that means two things.
    """
    edits: dict[tuple[int, int], str] = {}
    for scalar, new in _renamed(original, body):
        place = scalar.start, scalar.end
        if edits.setdefault(place, new) != new:
            return None
    text = original.text
    for (start, end), new in sorted(edits.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text if _means(text, body) else None


def _renamed(original: Document, body: Mapping) -> list[tuple[Scalar, str]]:
    found: list[tuple[Scalar, str]] = []
    for node in nodes(body):
        if isinstance(node, Scalar) and node.written is not None:
            new = scalar_text(original, node, in_flow=True).lines[0]
            found.append((node, new))
        elif isinstance(node, Mapping):
            found += (
                (one.key, key_text(original, one.key, None))
                for one in node
                if one.key.written is not None
            )
    return found


def _means(text: str, body: Mapping) -> bool:
    """Whether a text is that body, with no older names left."""
    document = source.read("", text.encode("utf-8", "surrogatepass"))
    if not isinstance(document, Document) or not isinstance(document.root, Mapping):
        return False
    new = body_of(document.root)
    before = _meaning(new)
    use_todays_names(new)
    return before == _meaning(new) == _meaning(body)


def _meaning(body: Mapping) -> list[tuple[str, str]]:
    """Everything but the places for anchors."""
    return [
        (name, repr(one.value.plain()))
        for name, one in body.entries.items()
        if not name.startswith("x-")
    ]


# Keys that translation has made, led back to what the user wrote for them.
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
