"""The steps that fetch tickets."""

from otac.dialects import names
from otac.source.document import Mapping, Node, Scalar, Sequence

_FETCH = "FetchTickets"


def fetches(body: Mapping) -> frozenset[str]:
    """The ids that only steps have which fetch tickets."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    pending: list[Node] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node.items)
        elif isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
            name = node.get("id")
            if isinstance(name, Scalar):
                found[_fetches(node)].add(name.text)
    return frozenset(found[True] - found[False])


def _fetches(node: Mapping) -> bool:
    use = node.get("use")
    known = names.today(use.text) if isinstance(use, Scalar) else None
    return known is not None and known.name == _FETCH
