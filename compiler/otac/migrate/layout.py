"""The arranged tree -> the lines of a file."""

from bisect import bisect

from otac.migrate.line import TreeLine
from otac.migrate.order import Keys, is_own
from otac.migrate.scalar_text import ScalarText, key_text, scalar_text
from otac.source.comments import Remark
from otac.source.document import Document, Entry, Mapping, Node, Scalar, Sequence

_WIDTH = 100
# Beyond 1024 characters a key needs a question mark in front.
_LONGEST_KEY = 1000


class TreeLayout:
    """Lays out the tree of one document.

    What stood between brackets stays there, if it has no comments and fits on a line.
    """

    def __init__(
        self, document: Document, keys: Keys, remarks: tuple[Remark, ...]
    ) -> None:
        self._document = document
        self._keys = keys
        self._comments = [remark.start for remark in remarks if remark.text]

    def lines(self, root: Mapping) -> list[TreeLine]:
        """The lines of a whole file."""
        return self._inside(root, 0)

    def _inside(self, node: Node, depth: int) -> list[TreeLine]:
        if isinstance(node, Sequence):
            lines = [self._item(item, node, depth) for item in node.items]
        elif isinstance(node, Mapping):
            lines = [
                self._entry(name, one, node, depth)
                for name, one in node.entries.items()
            ]
        else:
            lines = []
        return lines

    def _entry(self, name: str, one: Entry, node: Mapping, depth: int) -> TreeLine:
        key, value = one
        opening = self._key(key, name)
        head: list[str] = []
        if len(opening) > _LONGEST_KEY:
            head, opening = [f"? {opening}"], ""
        places = []
        if key.via is not None:
            places.append((key.via.start, key.via.end))
        if is_own(key, self._keys):
            places.append((key.start, max(key.end, _end(value, key.end, self._text))))
        line = self._line(f"{opening}:", value, depth, places)
        line.text = [*head, *line.text]
        line.is_moved = _is_moved(key, node)
        return line

    def _item(self, item: Node, node: Sequence, depth: int) -> TreeLine:
        places = [] if item.via is None else [(item.via.start, item.via.end)]
        end = _end(item, item.start, self._text)
        line = self._line("", item, depth, [*places, (item.start, end)])
        line.is_item = True
        line.is_moved = _is_moved(item, node)
        return line

    def _line(
        self, opening: str, value: Node, depth: int, places: list[tuple[int, int]]
    ) -> TreeLine:
        text = self._on_a_line(value, len(opening) + 2 * depth)
        if text is None:
            children = self._inside(value, depth + 1)
            line = TreeLine([opening] if opening else [], children, places=places)
            for child in children:
                child.parent = line
            return line
        first, *rest = text.lines
        shown = f"{opening} {first}" if opening and first else opening or first
        return TreeLine(
            [shown, *rest],
            is_folded=text.is_folded,
            is_open=text.is_open,
            places=places,
        )

    def _on_a_line(self, value: Node, used: int) -> ScalarText | None:
        """A value that has no lines of its own: a scalar, or something in brackets."""
        if isinstance(value, Scalar):
            return scalar_text(self._document, value, in_flow=False)
        inside = value.items if isinstance(value, Sequence) else value.entries
        if not inside:
            return ScalarText(("[]" if isinstance(value, Sequence) else "{}",))
        if self._text[value.start : value.start + 1] not in ("[", "{"):
            return None
        comment = bisect(self._comments, value.start)
        if comment < len(self._comments) and self._comments[comment] < value.end:
            return None
        shown = self._in_brackets(value)
        return ScalarText((shown,)) if used + len(shown) <= _WIDTH else None

    def _in_brackets(self, value: Node) -> str:
        if isinstance(value, Scalar):
            return scalar_text(self._document, value, in_flow=True).lines[0]
        blank = " " if self._text[value.start + 1 : value.start + 2] == " " else ""
        if isinstance(value, Sequence):
            items = ", ".join(self._in_brackets(item) for item in value.items)
            return f"[{blank}{items}{blank}]" if items else "[]"
        pairs = ", ".join(
            f"{self._key(one.key, name)}: {self._in_brackets(one.value)}"
            for name, one in value.entries.items()
        )
        return f"{{{blank}{pairs}{blank}}}" if pairs else "{}"

    def _key(self, key: Scalar, name: str) -> str:
        """A key as the user wrote it, if it was one."""
        was_key = (key.start, key.end) in self._keys and key.text == name
        return key_text(self._document, key, None if was_key else name)

    @property
    def _text(self) -> str:
        return self._document.text


def _end(value: Node, start: int, text: str) -> int:
    """Where what follows a key on its own lines ends."""
    is_inside = value.via is None and value.start >= start
    if isinstance(value, Scalar):
        return value.end if is_inside and value.style not in ("|", ">") else start
    if is_inside and text[value.start : value.start + 1] in ("[", "{"):
        return value.end
    return start


def _is_moved(part: Node, node: Node) -> bool:
    """Whether something was brought in that stands elsewhere than what holds it."""
    return part.via is not None and not node.start <= part.start < node.end
