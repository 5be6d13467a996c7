"""Where Jinja's parser gave up on a template."""

from bisect import bisect_left

from otac.expressions.problem import ExpressionProblem
from otac.expressions.tokens import Piece, Tokens

_BEGINNINGS = ("variable_begin", "block_begin")
_ENDINGS = ("variable_end", "block_end")
_MOST_SHOWN = 24


class ParserStop:
    """The place, the tokens before it and the tag around it.

    `before` is the token before the place and `here` the one at it; None where there is
    none. `opening` is the `{{` or `{%` of the tag around the place, and `closed` is false
    where the text ends before the tag does.
    """

    def __init__(self, tokens: Tokens, message: str, at: int) -> None:
        self.tokens = tokens
        self.text = tokens.text
        self.message = message
        self.at = max(0, min(at, len(self.text) - 1))
        pieces = tokens.pieces
        index = bisect_left(pieces, self.at, key=lambda piece: piece.start)
        self.here = pieces[index] if index < len(pieces) else None
        self.before = pieces[index - 1] if index > 0 else None
        # the end of a text has the place of its last token, which can be the `{{`
        self.tag = self._tag(pieces[:index]) or self._tag(pieces[: index + 1])
        self.opening = self.tag[0] if self.tag else None
        self.closed = tokens.error is not None or any(
            piece.kind in _ENDINGS for piece in pieces[index:]
        )

    @staticmethod
    def _tag(pieces: list[Piece]) -> list[Piece]:
        """The tokens of the tag around the place, up to it; empty outside of tags."""
        for index in range(len(pieces) - 1, -1, -1):
            if pieces[index].kind in _BEGINNINGS:
                return pieces[index:]
            if pieces[index].kind in _ENDINGS:
                break
        return []

    @property
    def in_lexer(self) -> bool:
        """Whether no token at all could be read at the place."""
        error = self.tokens.error
        return error is not None and error.lineno - 1 == self.at

    @property
    def prints(self) -> bool:
        """Whether the tag is a `{{ }}`."""
        return self.opening is not None and self.opening.kind == "variable_begin"

    @property
    def ends_tag(self) -> bool:
        """Whether the tag ends here, too early for the parser."""
        return self.here is not None and self.here.kind in _ENDINGS

    def problem(
        self, message: str, help: str | None = None, suggestion: str | None = None
    ) -> ExpressionProblem:
        """A problem of the token at the place, or of its character."""
        if self.here is None or self.in_lexer:
            return ExpressionProblem(message, self.at, self.at + 1, help, suggestion)
        return ExpressionProblem(
            message, self.here.start, self.here.end, help, suggestion
        )


def shown(piece: Piece) -> str:
    """A token as a message shows it."""
    text = " ".join(piece.text.split())
    return f"`{text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + '…'}`"
