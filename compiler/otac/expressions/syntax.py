"""Syntax errors in plain words, at the character that is to blame.

Jinja says where it stopped, in its own terms. The mistakes that people make are told from
the tokens around that place: a brace too few, `=` for `==`, another language's `&&`.
"""

import re
import unicodedata

from otac.expressions.problem import ExpressionProblem
from otac.expressions.statement import statement_problem
from otac.expressions.stop import ParserStop, shown
from otac.expressions.tokens import Piece, Tokens
from otac.source.mistakes import odd_characters, straightened

# A text in typographic quotes or backticks, to one or the other of them.
_QUOTED = re.compile(
    "[“”„‟«»‘’‚‛‹›＂＇`´]([^“”„‟«»‘’‚‛‹›＂＇`´'\"{}]*)[“”„‟«»‘’‚‛‹›＂＇`´]"
)
_QUOTES = frozenset("“”„‟«»‘’‚‛‹›＂＇`´")
_FOREIGN = re.compile(r"!==|===|&&|\|\||<>|&|!(?!=)")
_INSTEAD = {
    "!==": "!=",
    "===": "==",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "&": "and",
    "!": "not ",
}
_MISMATCH = re.compile(r"unexpected '(.)', expected '(.)'")
_PREFIXES = frozenset({"f", "r", "b", "u", "fr", "rf", "br", "rb"})
_OPERANDS = frozenset({"name", "string", "integer", "float"})
_CLOSE = {"{{": "}}", "{%": "%}"}


def explain(tokens: Tokens, message: str, at: int) -> ExpressionProblem:
    """What is wrong, given Jinja's message and the offset where it gave up."""
    stop = ParserStop(tokens, message, at)
    for rule in (
        _never_closed,
        _nested_braces,
        _from_a_page,
        _foreign_operator,
        _character,
        _brace,
        _bracket,
        _assignment,
        statement_problem,
        _python,
        _target,
        _ends_too_early,
    ):
        problem = rule(stop)
        if problem is not None:
            return problem
    return _other(stop)


def _never_closed(stop: ParserStop) -> ExpressionProblem | None:
    """A `{{`, `{%`, `{#` or `raw` that reaches the end of the text."""
    opening = stop.opening
    if stop.message.startswith("Missing end of"):
        begin = stop.before
        if begin is not None:
            raw = begin.kind == "raw_begin"
            name, end = ("raw", "{% endraw %}") if raw else ("{#", "#}")
            advice = f"write `{end}` where it ends"
            return ExpressionProblem(
                f"`{name}` is never closed", begin.start, begin.end, advice
            )
    if opening is None or stop.closed:
        return None
    for piece in (*stop.tag, stop.here):
        if piece is not None and piece.kind == "string" and "}}" in piece.text:
            return _beyond(piece)
    name = opening.text[:2]
    advice = f"write `{_CLOSE[name]}` where it ends"
    return ExpressionProblem(
        f"`{name}` is never closed", opening.start, opening.start + 2, advice
    )


def _beyond(piece: Piece) -> ExpressionProblem:
    message = "this text goes on beyond `}}`"
    return ExpressionProblem(
        message, piece.start, piece.end, "close its quote before `}}`"
    )


def _nested_braces(stop: ParserStop) -> ExpressionProblem | None:
    """`{% if {{ x }} %}`, `{{ f({{ x }}) }}`, and three braces."""
    if "got '}'" not in stop.message and "got ','" not in stop.message:
        return None
    for first, second in zip(stop.tag, stop.tag[1:], strict=False):
        if second.text == "{" and second.start == first.end:
            if first.kind == "variable_begin":
                message = "there is one `{` too many"
                return ExpressionProblem(
                    message, first.start, second.end, "write `{{`", "{{"
                )
            if first.text == "{":
                message = "`{{` stands inside an expression"
                advice = "write the name alone: expressions need no further braces"
                return ExpressionProblem(message, first.start, second.end, advice)
    return None


def _from_a_page(stop: ParserStop) -> ExpressionProblem | None:
    """`&lt;` and the like, all at once; Jinja may stop in the middle of one."""
    found = [odd for odd in odd_characters(stop.text) if odd.end - odd.at > 1]
    if not any(odd.at <= stop.at < odd.end for odd in found):
        return None
    start, end = found[0].at, found[-1].end
    meant = straightened(stop.text[start:end]).replace("&&", "and")
    message = f"this is a {found[0].name}"
    return ExpressionProblem(message, start, end, f"write `{meant}`", meant)


def _foreign_operator(stop: ParserStop) -> ExpressionProblem | None:
    """Other languages' operators; Jinja may stop at their second or third character."""
    if "unexpected" not in stop.message and "got '|'" not in stop.message:
        return None
    for start in range(max(0, stop.at - 2), stop.at + 1):
        match = _FOREIGN.match(stop.text, start)
        if match is not None and match.end() > stop.at:
            instead = _INSTEAD[match[0]]
            message = f"`{match[0]}` is not an operator"
            advice = f"write `{instead.strip()}`"
            return ExpressionProblem(message, start, match.end(), advice, instead)
    return None


def _character(stop: ParserStop) -> ExpressionProblem | None:
    """A character that begins no token."""
    if not stop.message.startswith("unexpected char"):
        return None
    character = stop.text[stop.at]
    if character in "'\"":
        advice = f"write `{character}` where the text ends"
        return stop.problem("this quote is never closed", advice)
    if character in _QUOTES:
        return _odd_quote(stop, character)
    if character == "?":
        return stop.problem("`?` is not an operator", "write `a if condition else b`")
    message = f"`{character}` has no meaning in an expression"
    meant = unicodedata.normalize("NFKC", straightened(character))
    if meant != character and meant.isascii():
        return stop.problem(message, f"write `{meant}`", meant)
    return stop.problem(message)


def _odd_quote(stop: ParserStop, character: str) -> ExpressionProblem:
    """Single quotes are advised: the YAML around is mostly in double ones."""
    named = "a backtick" if character == "`" else f"`{character}`"
    message = f"{named} is not a quote in an expression"
    found = _QUOTED.match(stop.text, stop.at)
    if found is None:
        return stop.problem(message, "write `'`", "'")
    whole = f"'{found[1]}'"
    return ExpressionProblem(
        message, found.start(), found.end(), f"write `{whole}`", whole
    )


def _brace(stop: ParserStop) -> ExpressionProblem | None:
    """A tag that ends with the wrong braces, or with one too few."""
    opening = stop.opening
    if opening is None or not stop.in_lexer or stop.message != "unexpected '}'":
        return None
    name = opening.text[:2]
    close = _CLOSE[name]
    start, end = stop.at, stop.at + 1
    if name == "{{" and stop.text[start - 1] == "%":
        start -= 1
    elif name == "{%" and stop.text.startswith("}}", start):
        end += 1
    elif stop.text[start - 1] == "}":
        advice = "the first of the two closes the `{` of the mapping"
        return ExpressionProblem("one `}` is missing", start - 1, end, advice, "}}}")
    message = f"`{name}` is closed by `{stop.text[start:end]}`"
    return ExpressionProblem(message, start, end, f"write `{close}`", close)


def _bracket(stop: ParserStop) -> ExpressionProblem | None:
    """Round and square brackets that do not match."""
    if not stop.in_lexer or not stop.message.startswith("unexpected '"):
        return None
    mismatch = _MISMATCH.match(stop.message)
    if mismatch is None:
        return stop.problem(f"`{stop.text[stop.at]}` closes nothing")
    open_ones: list[Piece] = []
    for piece in stop.tag:
        if piece.kind == "operator" and piece.text in "([{":
            open_ones.append(piece)
        elif piece.kind == "operator" and piece.text in ")]}":
            open_ones.pop()
    last = open_ones[-1]
    if mismatch[1] == "}":
        advice = f"write `{mismatch[2]}` where it ends"
        message = f"`{last.text}` is never closed"
        missing = _missing(stop, last, mismatch[2]) if len(open_ones) == 1 else None
        return ExpressionProblem(message, last.start, last.end, advice, missing=missing)
    message = f"`{last.text}` is closed by `{mismatch[1]}`"
    return stop.problem(message, f"write `{mismatch[2]}`", mismatch[2])


def _missing(stop: ParserStop, last: Piece, closing: str) -> tuple[int, str] | None:
    """Where a bracket closes that has one text or number in it: `x['key' }}`."""
    inside = stop.tag[stop.tag.index(last) + 1 :]
    if len(inside) != 1 or inside[0].kind not in ("string", "integer"):
        return None
    return inside[0].end, closing


def _assignment(stop: ParserStop) -> ExpressionProblem | None:
    if stop.message.startswith("expected token") and stop.message.endswith("got '='"):
        advice = "write `==` to compare"
        return stop.problem("`=` does not compare", advice, "==")
    return None


def _python(stop: ParserStop) -> ExpressionProblem | None:
    """Python that Jinja does not have."""
    before, here = stop.before, stop.here
    if before is None or here is None:
        return None
    if before.text == "lambda":
        message = "an expression cannot define a function"
        return ExpressionProblem(message, before.start, before.end)
    if here.text == "for" and stop.prints:
        advice = (
            "use filters: `tickets | selectattr('open') | map(attribute='id') | list`"
        )
        return stop.problem("an expression has no comprehensions", advice)
    adjacent = here.kind == "string" and before.end == here.start
    if adjacent and before.text.lower() in _PREFIXES:
        message = f"a text has no prefix `{before.text}`"
        advice = "join texts and values with `~`: `'Queue ' ~ params.queue`"
        return ExpressionProblem(message, before.start, before.end, advice)
    return None


def _target(stop: ParserStop) -> ExpressionProblem | None:
    """A value where `set`, `for` or a macro needs a name."""
    if not stop.message.startswith("can't assign to"):
        return None
    piece = stop.here or stop.before
    if piece is None:
        return None
    message = f"{shown(piece)} is a value, and a name is needed here"
    return ExpressionProblem(message, piece.start, piece.end, "write another name")


def _ends_too_early(stop: ParserStop) -> ExpressionProblem | None:
    before, here = stop.before, stop.here
    if before is None or here is None or not stop.ends_tag:
        return None
    if before.kind in ("variable_begin", "block_begin"):
        name = before.text[:2]
        message = f"`{name} {_CLOSE[name]}` is empty"
        return ExpressionProblem(
            message, before.start, here.start + 2, "write an expression in it"
        )
    return ExpressionProblem(
        f"something is missing after {shown(before)}", before.start, before.end
    )


def _other(stop: ParserStop) -> ExpressionProblem:
    before, here = stop.before, stop.here
    if here is None or before is None:
        return stop.problem(_plain(stop.message))
    if here.kind == "string" and "escape" in stop.message:
        return stop.problem(f"this text cannot be read: {_plain(stop.message)}")
    if stop.message.startswith("invalid syntax for function call"):
        message = "an argument without a name stands after one with a name"
        return stop.problem(message, "put the named arguments last")
    if before.kind == "string" and "}}" in before.text:
        return _beyond(before)
    if stop.message.startswith("You cannot chain multiple tests"):
        message = "one `is` cannot follow another"
        return stop.problem(message, "join them with `and`: `x is a and x is b`")
    if stop.message.startswith(("expected", "unexpected")):
        message = f"{shown(here)} cannot follow {shown(before)}"
        between = here.kind in _OPERANDS and before.kind in _OPERANDS
        advice = "put an operator between them: `~` joins texts" if between else None
        return stop.problem(message, advice)
    return stop.problem(_plain(stop.message))


def _plain(message: str) -> str:
    """Jinja's message as diagnostics are written; an apostrophe stays one."""
    message = re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"`\1`", message.rstrip("."))
    return message[:1].lower() + message[1:]
