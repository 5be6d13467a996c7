"""Where names stand that are part of a larger value."""

from functools import cached_property

from otac.check.mentions import Mention
from otac.source.document import Document, Mapping, Node, Scalar, Sequence
from otac.source.span import Span


class Places:
    """Where names stand in a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def of(self, mention: Mention) -> Span:
        """The place of a name; the whole value where its own is not to be told."""
        if not mention.path:
            return mention.origin
        node = self._nodes.get(mention.origin)
        found: Scalar | None = None
        for part in mention.path:
            match node, part:
                case Mapping(entries=entries), str() if part in entries:
                    key, node = entries[part]
                    found = key if mention.is_key else None
                case Sequence(items=items), int() if part < len(items):
                    node = items[part]
                case _:
                    return mention.origin
        found = found or (node if isinstance(node, Scalar) else None)
        return mention.origin if found is None else found.span

    @cached_property
    def _nodes(self) -> dict[Span, Node]:
        """The mappings and sequences, which values were made of."""
        found: dict[Span, Node] = {}
        pending = [self._document.root]
        while pending:
            node = pending.pop()
            if isinstance(node, Scalar):
                continue
            found[node.span] = node
            if isinstance(node, Mapping):
                pending.extend(entry.value for entry in node)
            else:
                pending.extend(node.items)
        return found
