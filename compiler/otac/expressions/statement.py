"""Mistakes in and between `{% %}` statements, in plain words."""

import re
from difflib import get_close_matches

from otac.expressions.problem import ExpressionProblem
from otac.expressions.stop import ParserStop
from otac.expressions.tokens import Piece, Tokens

_BLOCKS = ("autoescape", "call", "filter", "for", "if", "macro", "set", "with")
_ENDS = tuple(f"end{name}" for name in _BLOCKS)
_KNOWN = (*_BLOCKS, *_ENDS, "elif", "else", "print", "raw")
_UNKNOWN = re.compile(r"Encountered unknown tag '(.*?)'\.")
_INNERMOST = re.compile(r"The innermost block that needs to be closed is '(.*?)'\.")


def statement_problem(stop: ParserStop) -> ExpressionProblem | None:
    """What is wrong with the statements of a template, if that is what is wrong."""
    before, here = stop.before, stop.here
    if before and here and (before.text, here.text) == ("else", "if"):
        message = "`else if` is one word"
        return ExpressionProblem(
            message, before.start, here.end, "write `elif`", "elif"
        )
    if len(stop.tag) == 2 and before and before.text in _BLOCKS and stop.prints:
        message = f"`{before.text}` is a statement"
        advice = f"write `{{% {before.text} ... %}}` instead of `{{{{ ... }}}}`"
        return ExpressionProblem(message, before.start, before.end, advice)
    if stop.message.startswith("Unexpected end of template"):
        block = _open_block(stop.tokens)
        if block is not None:
            message = f"`{block.text}` is never closed"
            advice = f"write `{{% end{block.text} %}}` where it ends"
            return ExpressionProblem(message, block.start, block.end, advice)
    unknown = _UNKNOWN.match(stop.message)
    if unknown is not None:
        return _unknown(stop, unknown[1])
    return None


def _unknown(stop: ParserStop, name: str) -> ExpressionProblem:
    """A statement that Jinja does not have, or that does not belong here."""
    if name in ("elseif", "elsif", "elsei"):
        return stop.problem(f"`{name}` is not a statement", "write `elif`", "elif")
    innermost = _INNERMOST.search(stop.message)
    if name in _ENDS or name in ("elif", "else"):
        if innermost is None:
            return stop.problem(f"`{name}` closes nothing: no block is open here")
        message = f"`{name}` stands where `{innermost[1]}` is still open"
        return stop.problem(message, f"write `{{% end{innermost[1]} %}}` before it")
    if name == "end" and innermost is not None:
        word = f"end{innermost[1]}"
        return stop.problem("`end` is not a statement", f"write `{word}`", word)
    near = get_close_matches(name, _KNOWN, n=1, cutoff=0.65)
    if near:
        advice = f"did you mean `{near[0]}`?"
        return stop.problem(f"`{name}` is not a statement", advice, near[0])
    return stop.problem(f"`{name}` is not a statement", f"there are {_listed(_BLOCKS)}")


def _open_block(tokens: Tokens) -> Piece | None:
    """The name of the innermost statement that has a body and no end."""
    pieces = tokens.pieces
    stack: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "block_begin" or index + 1 == len(pieces):
            continue
        name = pieces[index + 1]
        if name.text in _ENDS and stack:
            stack.pop()
        elif name.text in _BLOCKS and not _is_assignment(pieces, index + 1):
            stack.append(name)
    return stack[-1] if stack else None


def _is_assignment(pieces: list[Piece], index: int) -> bool:
    """Whether a `set` has its value in the tag and so has no body."""
    if pieces[index].text == "set":
        for piece in pieces[index:]:
            if piece.text == "=":
                return True
            if piece.kind == "block_end":
                break
    return False


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
