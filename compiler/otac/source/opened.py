"""A collection while it is being read."""

from otac.source.anchors import Anchor
from otac.source.document import Mapping, Scalar, Sequence


class Open:
    """A collection that is still being read.

    `key` waits for its value; `merge` is its `<<`, once met. `size` is what had been
    counted before the collection, `deepest` the deepest level met inside. `is_key` says
    that it stands in place of a key, `restarts` that a second item begins in it.
    """

    __slots__ = (
        "anchor",
        "deepest",
        "is_key",
        "key",
        "merge",
        "node",
        "restarts",
        "size",
    )

    def __init__(
        self,
        node: Mapping | Sequence,
        anchor: Anchor | None = None,
        size: int = 0,
        is_key: bool = False,
    ) -> None:
        self.node = node
        self.anchor = anchor
        self.size = size
        self.is_key = is_key
        self.key: Scalar | None = None
        self.merge: Scalar | None = None
        self.deepest = 0
        self.restarts = False
