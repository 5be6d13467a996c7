"""The tokens of a template with exact places, cut by Jinja's own lexer.

Jinja counts lines. Here each token's line number is its offset in the text plus one, and
so is that of each node that the parser makes of it, and of each syntax error.
"""

import copy
from collections.abc import Collection, Iterator
from typing import NamedTuple

from jinja2 import TemplateSyntaxError
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from otac.expressions.environment import Sandbox


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
