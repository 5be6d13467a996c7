"""The tokens of a template with exact places, cut by Jinja's own lexer.

Jinja counts lines. Here each token's line number is its offset in the text plus one, and
so is that of each node that the parser makes of it, and of each syntax error.
"""

import copy
from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeAlias

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from otac.expressions.environment import Sandbox
from otac.expressions.reference import Path, Segment


class Piece(NamedTuple):
    """A token: `kind` is the lexer's name for it, `text` is as it was written."""

    start: int
    end: int
    kind: str
    text: str


class Tokens:
    """All tokens of a text except white space, up to the first thing that is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        self.error: TemplateSyntaxError | None = None
        self.reached = Piece(0, 1, "initial", "")
        # Jinja reads each line break as `\n`; replaced one for one, the places stay
        source = text.replace("\r", "\n")
        position = 0
        try:
            for _, kind, value in _GRAMMAR.lexer.tokeniter(source, None):
                # not always at `position`: the lexer drops the space before `{%-`
                start = source.find(value, position)
                position = start + len(value)
                if kind != "whitespace":
                    self.pieces.append(Piece(start, position, kind, value))
        except TemplateSyntaxError as error:
            error.lineno = position + 1
            self.error = error
        self._index = {piece.start: i for i, piece in enumerate(self.pieces)}

    def index(self, offset: int) -> int:
        """The number of the token that begins at `offset`."""
        return self._index[offset]

    def located(self) -> Iterator[tuple[int, str, str]]:
        """The tokens as Jinja's lexer hands them on; raises what stopped it."""
        for piece in self.pieces:
            self.reached = piece
            yield piece.start + 1, piece.kind, piece.text
        if self.error is not None:
            raise self.error

    @property
    def filters(self) -> Collection[str]:
        """The names that can follow `|`."""
        return _GRAMMAR.filters

    def parser(self) -> Parser:
        """A parser that has not begun; raises TemplateSyntaxError."""
        grammar = copy.copy(_GRAMMAR)
        grammar.tokens = self
        return Parser(grammar, "")


class _Grammar(Sandbox):
    """The sandbox's grammar, fed with tokens that were cut before."""

    tokens: Tokens

    def _tokenize(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> TokenStream:
        tokens: Iterator[Token] = self.lexer.wrap(self.tokens.located())
        return TokenStream(tokens, name, filename)


_GRAMMAR = _Grammar()


# The places of words for which Jinja's tree keeps none, found among the tokens.
Called: TypeAlias = nodes.Call | nodes.Filter | nodes.Test
"""What takes arguments."""


def constant(tokens: Tokens, node: nodes.Node | None) -> Segment | None:
    """A constant text; `'a' 'b'` is one constant of two tokens."""
    if not isinstance(node, nodes.Const) or not isinstance(node.value, str):
        return None
    pieces = tokens.pieces
    last = first = tokens.index(node.lineno - 1)
    while pieces[last + 1].kind == "string":
        last += 1
    return Segment(node.value, pieces[first].start + 1, pieces[last].end - 1)


def attribute_of(tokens: Tokens, node: nodes.Getattr | nodes.Getitem) -> Segment | None:
    """The `queue` of `params.queue` or `params['queue']`; None if it is computed."""
    if isinstance(node, nodes.Getitem):
        return constant(tokens, node.arg)
    dot = tokens.index(node.lineno - 1)
    start, end, _, text = tokens.pieces[dot + 1]
    return Segment(text, start, end)


def filter_name(tokens: Tokens, node: nodes.Filter) -> tuple[int, int]:
    """The `length` of `x | length`."""
    return _dotted(tokens, node.name, tokens.index(node.lineno - 1))


def test_name(tokens: Tokens, node: nodes.Test) -> tuple[int, int]:
    """The `defined` of `x is defined` or `x is not defined`."""
    first = tokens.index(node.lineno - 1) + 1
    negated = tokens.pieces[first].text == "not"
    return _dotted(tokens, node.name, first + negated)


def keywords_of(tokens: Tokens, node: Called) -> Path:
    """The names before `=` in the arguments of a call, a filter or a test."""
    if not node.kwargs:
        return ()
    found = []
    depth = 0
    pieces = tokens.pieces
    for index in range(tokens.index(node.lineno - 1), len(pieces)):
        start, end, kind, text = pieces[index]
        if kind == "operator" and text in "([{":
            depth += 1
        elif kind == "operator" and text in ")]}":
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and kind == "name" and pieces[index + 1].text == "=":
            found.append(Segment(text, start, end))
    return tuple(found)


def _dotted(tokens: Tokens, name: str, first: int) -> tuple[int, int]:
    """The place of a name that begins at token `first`; it can have dots."""
    pieces = tokens.pieces
    return pieces[first].start, pieces[first + 2 * name.count(".")].end
