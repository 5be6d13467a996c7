"""Where a cursor is, told from indentation and brackets alone.

A text that is being typed is mostly no YAML, so no tree is asked.
"""

import re
from typing import NamedTuple

from otac.lsp.flow import open_levels
from otac.lsp.tree import Path

_KEY = re.compile(
    r"""(?P<key>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s#\-{}\[\],&*!|>%@"'][^\n#{}\[\],]*?|-[^\s\n:]+)"""
    r"""[ ]*:(?=[ \n]|$)"""
)
_DASH = re.compile(r"-(?=[ \n]|$)")
# What a value can begin with that is no text: nothing, a comment, an anchor, a tag.
_OPEN = ("", "#", "&", "!")
_NAME = re.compile(r"[\w.:$<-]*")


class Level(NamedTuple):
    """A mapping or list around the cursor.

    `name` is the key or index in it that leads inward, None for the innermost.
    `siblings` are the keys of a mapping that could be seen, with the text behind them.
    """

    name: str | int | None
    siblings: dict[str, str]


class Cursor(NamedTuple):
    """`path` leads to the value at the cursor, or to the mapping if it is in a key.

    `levels` go from the outermost inward, one for each part of `path` and, in a key, one
    for the mapping. `start` and `end` enclose the word at the cursor.
    """

    path: Path
    levels: tuple[Level, ...]
    in_key: bool
    start: int
    end: int
    quote: str = ""

    def use_at(self, path: Path) -> str | None:
        """What stands behind `use` in the mapping at a path, as far as it was seen."""
        if path != self.path[: len(path)] or len(path) >= len(self.levels):
            return None
        return self.levels[len(path)].siblings.get("use")


class _Head(NamedTuple):
    """A key or a dash on a line.

    `behind` is where the colon or the dash ends, `value` where what follows begins.
    """

    column: int
    key: str | None
    behind: int
    value: int


def cursor_at(text: str, offset: int) -> Cursor:
    """Where an offset is."""
    start = text.rfind("\n", 0, offset) + 1
    heads = [head for head in _heads(text, start) if head.behind <= offset]
    in_key = not heads or heads[-1].key is None
    if in_key:
        before = heads[-1].behind if heads else start
        column = _indent(text, before, offset) + before - start
        walk = _Walk(text, None, column)
    else:
        column = heads[-1].column
        walk = _Walk(text, heads.pop(), column)
    walk.levels[0].siblings.update(_below(text, offset, column))
    walk.line(heads)
    # What is deeper is inside of something else; most lines are.
    deeper = " " * (walk.reach + 1)
    while start > 0:
        start = text.rfind("\n", 0, start - 1) + 1
        if not text.startswith(deeper, start):
            walk.line(_heads(text, start))
            deeper = " " * (walk.reach + 1)
    return _with_flow(text, offset, walk, in_key)


class _Walk:
    """Upwards from the cursor: which heads are around it, and which beside.

    `levels` come innermost first; `roots` are where the values of their keys begin. An
    item of a list waits at column `_dash` for the key that the list is the value of.
    """

    def __init__(self, text: str, head: _Head | None, column: int) -> None:
        self.levels = [Level(None if head is None else head.key, {})]
        self.roots = [None if head is None else head.value]
        self._text = text
        self._column = column
        self._dash: int | None = None

    @property
    def reach(self) -> int:
        """The deepest column at which a line can matter."""
        return self._column if self._dash is None else self._dash

    def line(self, heads: list[_Head]) -> None:
        for head in reversed(heads):
            if head.key is None:
                self._pass_dash(head)
            elif self._dash is not None:
                if head.column <= self._dash:
                    self._dash = None
                    self._push(head.key, head)
            elif head.column == self._column:
                value = self._text[head.value : _end(self._text, head.value)]
                self.levels[-1].siblings.setdefault(head.key, _plain(value))
            elif head.column < self._column:
                self._push(head.key, head)

    def _pass_dash(self, head: _Head) -> None:
        if self._dash == head.column:
            name = self.levels[-1].name
            assert isinstance(name, int)
            self.levels[-1] = Level(name + 1, {})
        elif head.column < self.reach:
            self.levels.append(Level(0, {}))
            self.roots.append(head.value)
            self._dash = head.column

    def _push(self, key: str, head: _Head) -> None:
        self.levels.append(Level(key, {}))
        self.roots.append(head.value)
        self._column = head.column


def _with_flow(text: str, offset: int, walk: _Walk, in_key: bool) -> Cursor:
    """The cursor, with the brackets around it that are not closed."""
    levels, roots = walk.levels[::-1], walk.roots[::-1]
    for number, root in enumerate(roots):
        if root is not None and text[root : root + 1] in ("{", "["):
            opened = open_levels(text, root, offset)
            if opened is not None:
                inside = [Level(*one) for one in opened.levels]
                found = (*levels[: number + 1], *inside)
                return _word(text, offset, found, opened.in_key, opened.start)
    if not in_key:
        return _word(text, offset, tuple(levels), False, min(roots[-1] or 0, offset))
    is_value = len(levels) > 1 and isinstance(levels[-2].name, str)
    above = roots[-2] if is_value else None
    if above is not None and text[above : _end(text, above)].strip()[:1] not in _OPEN:
        # A later line of a text, not a key.
        return _word(text, offset, tuple(levels[:-1]), False, above)
    return _word(text, offset, tuple(levels), True, _word_start(text, offset))


def _word(
    text: str,
    offset: int,
    levels: tuple[Level, ...],
    in_key: bool,
    start: int,
) -> Cursor:
    quote = text[start : start + 1] if text[start : start + 1] in ("'", '"') else ""
    start += len(quote)
    path = tuple(one.name for one in levels if one.name is not None)
    found = _NAME.match(text, min(offset, len(text)))
    end = offset if found is None else found.end()
    if text[offset:end].endswith(":"):
        end -= 1
    return Cursor(path, levels, in_key, min(start, offset), max(end, offset), quote)


def _word_start(text: str, offset: int) -> int:
    start = offset
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_.$<-"):
        start -= 1
    return start


def _heads(text: str, start: int) -> list[_Head]:
    """The dashes and the key that a line begins with."""
    found: list[_Head] = []
    at = start
    while True:
        while text[at : at + 1] == " ":
            at += 1
        if _DASH.match(text, at):
            value = at + 1
            while text[value : value + 1] == " ":
                value += 1
            found.append(_Head(at - start, None, at + 1, value))
            at = value
            continue
        key = _KEY.match(text, at)
        if key is not None:
            value = key.end()
            while text[value : value + 1] == " ":
                value += 1
            found.append(_Head(at - start, _plain(key["key"]), key.end(), value))
        return found


def _indent(text: str, start: int, end: int) -> int:
    """How many spaces a part begins with."""
    at = start
    while at < end and text[at] == " ":
        at += 1
    return at - start


def _below(text: str, offset: int, column: int) -> dict[str, str]:
    """The keys of the same mapping that stand on the lines after the cursor's."""
    found: dict[str, str] = {}
    deeper = " " * (column + 1)
    at = text.find("\n", offset) + 1
    while at > 0:
        # What is deeper is inside of something else; most lines are.
        if not text.startswith(deeper, at):
            line_end = _end(text, at)
            written = text[at:line_end].strip()
            if written and not written.startswith("#"):
                heads = _heads(text, at)
                is_key = bool(heads) and heads[0].key is not None
                if _indent(text, at, line_end) < column or not is_key:
                    break
                value = text[heads[0].value : line_end]
                found[str(heads[0].key)] = _plain(value)
        at = text.find("\n", at) + 1
    return found


def _end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _plain(text: str) -> str:
    """A scalar's text, for names: what stands in quotes, or before a comment."""
    text = text.strip()
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0]
    return text.partition(" #")[0].rstrip()
