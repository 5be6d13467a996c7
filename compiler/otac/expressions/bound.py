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

from otac.expressions.error import ExpressionError

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
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length(), "*")
    return left * right


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
    if isinstance(method.__self__, str | bytes | int):
        for argument in arguments:
            _check_argument(argument)


def bounded_filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter with a limit on the numbers among its arguments.

    Jinja hands some filters a context first, then the value, then the arguments.
    """
    first = 2 if hasattr(function, "jinja_pass_arg") else 1

    @functools.wraps(function)
    def bounded(*arguments: Any, **keywords: Any) -> Any:
        for argument in (*arguments[first:], *keywords.values()):
            _check_argument(argument)
        return function(*arguments, **keywords)

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
    {"*": multiply, "**": power, "%": modulo}
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
