"""`10_000`: a number to the parser that read these files, a text in YAML 1.2."""

import re

from otac.source.core_schema import resolve
from otac.source.document import Mapping, Node, Scalar, Sequence

_GROUPED = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)+", re.ASCII)


def read_integers(root: Node) -> None:
    """Give unquoted numbers with underscores their value, in place."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending.extend(entry.value for entry in node)
        elif isinstance(node, Sequence):
            pending.extend(node.items)
        elif is_grouped(node):
            node.value = resolve(node.text.replace("_", ""))


def is_grouped(scalar: Scalar) -> bool:
    """Whether a scalar is an unquoted number with underscores."""
    return not scalar.style and _GROUPED.fullmatch(scalar.text) is not None
