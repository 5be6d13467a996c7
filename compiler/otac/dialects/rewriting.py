"""Expressions of a dialect -> expressions of today, every character kept in its place."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from otac.expressions import uses_template
from otac.source.document import Rewritten, Scalar

# `${NAME}` and `${NAME:-default}`, as a shell has them.
_VARIABLE = re.compile(
    r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^{}']*))?\}", re.ASCII
)
_RESULTS = ("pipe_result", "get_pipe_result")
_FETCHED = "fetched_tickets"
# What Jinja's `trim_blocks` and `lstrip_blocks` are about; `{{ }}` is not among them.
_OPENINGS = ("block_begin", "comment_begin", "raw_begin", "raw_end")
_CLOSINGS = ("block_end", "comment_end", "raw_end")
_SIGNS = ("+", "-")
_ANDS = ("and", "or")
_TESTS = ("and", "or", "not", "if", "elif")


class Words(NamedTuple):
    """What the words of a dialect's expressions are called today.

    `at_path` is `nest_at` or `get_at`. With `fail_stops`, `fail()` ends a run well. With
    `missing_is_none`, the result of a step that has none is `none`. `enclosing` are the
    names for the parameters of the composite around a step. `fetches` are ids of steps
    whose tickets were also their `value`. With `trims_blocks`, a statement or comment takes
    the line break behind it and the white space of its line before it along.
    """

    at_path: str
    fail_stops: bool = False
    missing_is_none: bool = False
    enclosing: tuple[str, ...] = ()
    fetches: frozenset[str] = frozenset()
    trims_blocks: bool = False


class Replaced(NamedTuple):
    """A part of a text, and what stands there instead."""

    start: int
    end: int
    text: str


def rewrite(scalar: Scalar, words: Words, known: frozenset[str] | None) -> Scalar:
    """The scalar with today's expression in it; itself where nothing changes.

    `known` are the parameters of the composite around it, None where they are not known.
    """
    text = scalar.text
    if not isinstance(scalar.value, str):
        return scalar
    if uses_template(text):
        edits = _Expression(text, words, known).edits()
        return edited(scalar, sorted(edits, key=lambda edit: edit.start))
    return edited(scalar, list(_variables(text, 0))) if "${" in text else scalar


def rewrite_bare(scalar: Scalar, words: Words, known: frozenset[str] | None) -> Scalar:
    """As `rewrite`, for an expression that stands there without braces."""
    opening, closing = "{{ ", " }}"
    text, size = f"{opening}{scalar.text}{closing}", len(scalar.text)
    inside = [
        Replaced(edit.start - len(opening), edit.end - len(opening), edit.text)
        for edit in sorted(_Expression(text, words, known).edits())
    ]
    return edited(
        scalar, [Replaced(0, 0, opening), *inside, Replaced(size, size, closing)]
    )


def edited(scalar: Scalar, edits: Sequence[Replaced]) -> Scalar:
    """The scalar with some parts of its text replaced; edits are in order."""
    if not edits:
        return scalar
    text, parts, pieces = scalar.text, list[str](), list[tuple[int, int, int, int]]()
    old = new = 0
    for edit in (*edits, Replaced(len(text), len(text), "")):
        kept = edit.start - old
        if kept:
            pieces.append((new, new + kept, old, edit.start))
        parts += (text[old : edit.start], edit.text)
        new += kept
        if edit.text:
            pieces.append((new, new + len(edit.text), edit.start, edit.end))
        new += len(edit.text)
        old = edit.end
    changed = "".join(parts)
    written = Rewritten(text, tuple(pieces))
    return Scalar(
        changed, changed, scalar.style, scalar.start, scalar.end, scalar.via, written
    )


def asked_of_config(text: str, names: tuple[str, ...] = ("config",)) -> set[str] | None:
    """The parameters of the composite around it that a text asks for.

    None where it may ask for any: `config` as a whole, or `config[name]`.
    """
    found: set[str] = set()
    if not uses_template(text):
        return found
    expression = _Expression(text, Words("nest_at", enclosing=names), None)
    for index in expression.names():
        if expression.pieces[index].text in names:
            key = expression.key_after(index)
            if key is None:
                return None
            found.add(key)
    return found


def is_never(text: str, known: frozenset[str]) -> bool:
    """Whether a condition demands a parameter that the composite around it has not got.

    Such a parameter counts as false: `{{ has_failed('x') and config.missing }}`.
    """
    if not uses_template(text):
        return False
    expression = _Expression(text, Words("nest_at"), known)
    pieces = [piece for piece in expression.pieces if piece.text]
    depth = 0
    for piece in pieces:
        depth += (piece.text in "([{") - (piece.text in ")]}")
        if depth == 0 and piece.kind == "name" and piece.text in ("or", "if", "not"):
            return False
    return any(
        expression.demands_absent(index)
        for index in expression.names()
        if expression.pieces[index].text == "config"
    )


def environment_names(text: str) -> Iterator[tuple[str, int, int]]:
    """The NAME of each `env.NAME` or `env['NAME']`, and its place."""
    if not uses_template(text):
        return
    expression = _Expression(text, Words("nest_at"), None)
    for index in expression.names():
        key = expression.key_after(index)
        if expression.pieces[index].text == "env" and key is not None:
            place = expression.pieces[index + 2]
            quoted = place.kind == "string"
            yield key, place.start + quoted, place.end - quoted


def _variables(text: str, offset: int) -> Iterator[Replaced]:
    """`${NAME}` in a text that begins at `offset`, and what reads it today."""
    for match in _VARIABLE.finditer(text):
        name, default = match["name"], match["default"]
        call = f"'{name}'" if default is None else f"'{name}', default='{default}'"
        start, end = match.span()
        yield Replaced(offset + start, offset + end, f"{{{{ get_env({call}) }}}}")


class _Expression:
    """The tokens of a text with expressions in it."""

    def __init__(self, text: str, words: Words, known: frozenset[str] | None) -> None:
        from otac.expressions.tokens import Piece, Tokens  # imports Jinja: 0.1 s

        end = Piece(len(text), len(text), "end", "")
        self.pieces = [*Tokens(text).pieces, *(end,) * 4]
        self._text = text
        self._words = words
        self._known = known

    def names(self) -> Iterator[int]:
        """Where the names stand that are no attributes and no keyword arguments."""
        for index, piece in enumerate(self.pieces):
            if piece.kind != "name":
                continue
            before = self.pieces[index - 1].text if index else ""
            after = self.pieces[index + 1].text
            if before != "." and not (after == "=" and before in "(,"):
                yield index

    def key_after(self, index: int) -> str | None:
        """The `x` of `name.x` or `name['x']`."""
        dot, key = self.pieces[index + 1 : index + 3]
        if dot.text == "." and key.kind == "name":
            return key.text
        if dot.text == "[" and key.kind == "string":
            closed = self.pieces[index + 3].text == "]"
            return key.text[1:-1] if closed else None
        return None

    def edits(self) -> Iterator[Replaced]:
        """What to replace, in any order."""
        for piece in self.pieces:
            if piece.kind == "data":
                yield from _variables(piece.text, piece.start)
            if self._words.trims_blocks:
                yield from self._trimmed(piece.kind, piece.start, piece.end)
        for index in self.names():
            yield from self._edits_at(index)

    def _trimmed(self, kind: str, start: int, end: int) -> Iterator[Replaced]:
        """Without the white space that Jinja's options of these names leave out."""
        text = self._text
        if kind in _OPENINGS and text[start + 2 : start + 3] not in _SIGNS:
            line = text.rfind("\n", 0, start) + 1
            if line < start and text[line:start].isspace():
                yield Replaced(line, start, "")
        closes = kind in _CLOSINGS and text[end - 3 : end - 2] not in _SIGNS
        if closes and text[end - 1 : end + 1] == "}\n":
            yield Replaced(end, end + 1, "")

    def _edits_at(self, index: int) -> Iterator[Replaced]:
        words, piece = self._words, self.pieces[index]
        before = self.pieces[index - 1].text if index else ""
        called = self.pieces[index + 1].text == "("
        if piece.text == "at_path" and (called or before == "|"):
            yield Replaced(piece.start, piece.end, words.at_path)
        elif piece.text == "fail" and called and words.fail_stops:
            yield Replaced(piece.start, piece.end, "stop")
        elif piece.text in _RESULTS and called:
            yield from self._fetched(index)
            if words.missing_is_none:
                yield from self._default(index)
        elif piece.text in words.enclosing and before != "|" and not called:
            yield from self._enclosing(index)
        elif piece.text == "config":
            yield from self._if_absent(index, index + 1)

    def _fetched(self, index: int) -> Iterator[Replaced]:
        """The `value` of a step that fetches is the list of its tickets."""
        step, comma, key, end = self.pieces[index + 2 : index + 6]
        if step.kind != "string" or step.text[1:-1] not in self._words.fetches:
            return
        if comma.text == ")" or (comma.text == "," and key.text == "default"):
            yield Replaced(step.end, step.end, f", '{_FETCHED}'")
        elif key.text[1:-1] == "value" and end.text in (")", ","):
            yield Replaced(key.start, key.end, f"'{_FETCHED}'")

    def _enclosing(self, index: int) -> Iterator[Replaced]:
        """`parent['x']`, `parent.params.x` and `params.x` to `config`."""
        piece, last = self.pieces[index], index
        if piece.text == "parent" and self.key_after(index) == "params":
            last = index + (2 if self.pieces[index + 1].text == "." else 3)
        yield Replaced(piece.start, self.pieces[last].end, "config")
        yield from self._if_absent(index, last + 1)

    def _if_absent(self, first: int, key_at: int) -> Iterator[Replaced]:
        """An unknown parameter counts as false where only its truth is asked for."""
        key = self.key_after(key_at - 1)
        if self._known is None or key is None or key in self._known:
            return
        last = key_at + (1 if self.pieces[key_at].text == "." else 2)
        before = self.pieces[first - 1] if first else self.pieces[-1]
        after = self.pieces[last + 1]
        if after.text in (".", "[", "(", "|"):
            return
        asks = before.kind == "name" and before.text in _TESTS
        if asks or (after.kind == "name" and after.text in _ANDS):
            end = self.pieces[last].end
            yield Replaced(end, end, " | default(none)")

    def demands_absent(self, index: int) -> bool:
        """Whether `config.x` is an operand of `and`, or all there is, and x is unknown."""
        key = self.key_after(index)
        if self._known is None or key is None or key in self._known:
            return False
        last = index + (2 if self.pieces[index + 1].text == "." else 3)
        before, after = self.pieces[index - 1], self.pieces[last + 1]
        return (before.text == "and" or before.kind == "variable_begin") and (
            after.text == "and" or after.kind == "variable_end"
        )

    def _default(self, index: int) -> Iterator[Replaced]:
        depth = 0
        for number in range(index + 1, len(self.pieces)):
            piece = self.pieces[number]
            if piece.kind == "operator" and piece.text in "([{":
                depth += 1
            elif piece.kind == "operator" and piece.text in ")]}":
                depth -= 1
                if depth == 0:
                    yield Replaced(piece.start, piece.start, ", default=none")
                    return
            elif depth == 1 and piece.text == "default":
                return
