"""Limits on what one operation of an expression may produce.

They stop accidents (`'-' * ticket.id`) before memory runs out. They are no defence
against an author who means harm: such an author can also name components to run.
"""

import functools
import re
import string
import types
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, soft_str

from otac.expressions.budget import size_of, spend_made
from otac.expressions.problem import ExpressionError

MOST_CHARACTERS = 1_000_000
"""Of a text, or items of a list, that `*` may produce."""

MOST_BITS = 10_000
"""Of a whole number that `*` or `**` may produce: about 3,000 digits."""

MOST_WIDTH = 10_000
"""Of a padding, an indentation, a precision or a batch."""

MOST_RENDERED = 10_000_000
"""Characters of one rendered text."""

_SEQUENCES = (str, bytes, list, tuple)
_WIDTH = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d*)(?:\.(\*|\d*))?")
_NUMBER = re.compile(r"\d+")


def multiply(left: Any, right: Any) -> Any:
    """`left * right`, unless that is huge."""
    for sequence, times in ((left, right), (right, left)):
        repeats = isinstance(sequence, _SEQUENCES) and isinstance(times, int)
        if repeats and len(sequence) * times > MOST_CHARACTERS:
            raise ExpressionError("`*` would repeat the value too often")
        if repeats:
            spend_made(len(sequence) * max(0, times))
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length(), "*")
    return left * right


def add(left: Any, right: Any) -> Any:
    """`left + right`, unless that is huge."""
    if type(left) is type(right) and hasattr(left, "__len__"):
        spend_made(len(left) + len(right))
    return left + right


@pass_eval_context
def concatenate(context: EvalContext, values: Any) -> Any:
    """`~`, which makes texts of its operands, and escapes them where Jinja does."""
    texts = [soft_str(value) for value in map(_weighed, values)]
    spend_made(sum(map(len, texts)))
    if context.autoescape and any(isinstance(text, Markup) for text in texts):
        return Markup("").join(texts)
    return "".join(texts)


def _weighed(value: Any) -> Any:
    spend_made(size_of(value))
    return value


def weighed_filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes text of its value, which may be larger than it looks."""
    first = 1 if hasattr(function, "jinja_pass_arg") else 0

    @functools.wraps(function)
    def weighed(*arguments: Any, **keywords: Any) -> Any:
        spend_made(size_of(arguments[first]))
        return function(*arguments, **keywords)

    return weighed


def bounded_join(function: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja's `join` filter, with what it makes counted before it is made."""

    @functools.wraps(function)
    def bounded(
        context: Any, value: Any, d: str = "", attribute: str | int | None = None
    ) -> Any:
        items = value if isinstance(value, list | tuple) else list(value)
        parts = 0 if attribute is not None else sum(map(size_of, items))
        spend_made(parts + len(str(d)) * len(items))
        return function(context, items, d, attribute)

    return bounded


def bounded_replace(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for `replace`."""

    @functools.wraps(function)
    def bounded(context: Any, s: Any, old: str, new: str, count: Any = None) -> Any:
        spend_made(_replaced(str(s), str(old), str(new)))
        return function(context, s, old, new, count)

    return bounded


def _replaced(text: str, old: str, new: str) -> int:
    return len(text) + text.count(old) * len(new)


def power(left: Any, right: Any) -> Any:
    """`left ** right`, unless that is huge."""
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() * right, "**")
    return left**right


def modulo(left: Any, right: Any) -> Any:
    """`left % right`, which for a text on the left is formatting."""
    if isinstance(left, str | bytes):
        check_percent(left)
    return left % right


def check_percent(template: str | bytes) -> None:
    """Refuses widths in a `%` template that are huge or come from a value."""
    text = template if isinstance(template, str) else template.decode("latin-1")
    for widths in _WIDTH.findall(text):
        for width in widths:
            _check_width(width or 0)


def check_format(template: str) -> None:
    """Refuses widths in a `str.format` template that are huge or come from a value."""
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return  # formatting itself reports what is wrong
    for _, _, specification, _ in pieces:
        if specification and "{" in specification:
            _check_width("{")
        for width in _NUMBER.findall(specification or ""):
            _check_width(width)


def check_method(method: Any, arguments: tuple[Any, ...]) -> None:
    """Refuses huge numbers as arguments of a built-in method of a text or number.

    `'x'.center(10**9)` and `(1).to_bytes(10**9)` allocate what they are asked for.
    """
    if not isinstance(method, types.BuiltinMethodType):
        return
    text = method.__self__
    if isinstance(text, str | bytes | int):
        for argument in arguments:
            _check_argument(argument)
    if not isinstance(text, str):
        return
    match method.__name__, arguments:
        case "replace", (str(old), str(new), *_):
            spend_made(_replaced(text, old, new))
        case "join", (list() | tuple() as items,):
            spend_made(sum(map(size_of, items)) + len(text) * len(items))
        case "join", _:
            raise ExpressionError("`.join` takes a list; there is the filter `join`")
        case "translate", (dict() as table,):
            longest = max((size_of(new) for new in table.values()), default=1)
            spend_made(len(text) * max(1, longest))
        case "expandtabs", _:
            width = arguments[0] if arguments else 8
            if isinstance(width, int):
                spend_made(len(text) + text.count("\t") * abs(width))
        case (("center" | "ljust" | "rjust" | "zfill"), (int(width), *_)):
            spend_made(max(len(text), width))


def bounded_filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter with a limit on the numbers among its arguments.

    Jinja hands some filters a context first, then the value, then the arguments.
    """
    first = 2 if hasattr(function, "jinja_pass_arg") else 1

    @functools.wraps(function)
    def bounded(*arguments: Any, **keywords: Any) -> Any:
        for argument in (*arguments[first:], *keywords.values()):
            _check_argument(argument)
        result = function(*arguments, **keywords)
        if isinstance(result, str):
            spend_made(len(result))
        return result

    return bounded


def bounded_format(function: Callable[..., str]) -> Callable[..., str]:
    """Jinja's `format` filter with a limit on the widths in its template."""

    @functools.wraps(function)
    def bounded(value: Any, *arguments: Any, **keywords: Any) -> str:
        check_percent(str(value))
        return function(value, *arguments, **keywords)

    return bounded


BOUNDED_FILTERS = ("batch", "center", "indent", "round", "slice", "tojson", "truncate")

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = types.MappingProxyType(
    {"+": add, "*": multiply, "**": power, "%": modulo}
)


def _check_bits(bits: int, operator: str) -> None:
    if bits > MOST_BITS:
        raise ExpressionError(f"`{operator}` would make too large a number")


def _check_argument(argument: Any) -> None:
    if isinstance(argument, int) and abs(argument) > MOST_WIDTH:
        raise ExpressionError(f"a width or count is at most {MOST_WIDTH}")


def _check_width(width: str | int) -> None:
    if isinstance(width, str) and not width.isdecimal():
        raise ExpressionError("a width stands in the format as a number")
    if int(width) > MOST_WIDTH:
        raise ExpressionError(f"a width or count is at most {MOST_WIDTH}")
