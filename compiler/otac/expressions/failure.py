"""Messages for expressions that fail at run time, without the values at hand."""

import builtins
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.utils import missing

from otac.expressions.path import keys, kind
from otac.expressions.problem import ExpressionError

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_TYPES = frozenset(dir(builtins)) | {"NoneType", "datetime.datetime"}
_MOST_EXCERPT = 80


class AbsentError(UndefinedError):
    """Something absent was used. `owner` is Jinja's `missing` for a plain name."""

    def __init__(self, hint: str | None, owner: Any, name: object) -> None:
        super().__init__(hint)
        self.hint = hint
        self.owner = owner
        self.name = name


class Absent(StrictUndefined):
    """An absent value: any use is an error, except `is defined` and `default`.

    Jinja would put the key into the message as it is, and keys can be data of a ticket
    (`queues[ticket.customer]`): so the error carries the parts and `describe` decides.
    """

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        def failure(_message: str | None) -> TemplateRuntimeError:
            if issubclass(exc, SecurityError):
                return SecurityError(name)
            return AbsentError(hint, obj, name)

        super().__init__(hint, obj, name, failure)  # type: ignore[arg-type]

    def fail(self) -> None:
        """Raises what using the value would raise."""
        self._fail_with_undefined_error()


FAILURES = (
    ExpressionError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What evaluating can raise. Anything else comes from a function in scope and passes."""


def failure(error: Exception, text: str) -> ExpressionError:
    """The error to raise for `error`, which evaluating the expression `text` raised."""
    excerpt = " ".join(text.split())
    if len(excerpt) > _MOST_EXCERPT:
        excerpt = excerpt[: _MOST_EXCERPT - 1] + "…"
    return ExpressionError(f"`{excerpt}`: {_describe(error, text)}")


def _describe(error: Exception, text: str) -> str:
    match error:
        case ExpressionError():
            return str(error)
        case AbsentError():
            return _absence(error, text)
        case SecurityError():
            name = _written(error.message, text)
            return f"{name} is not open to expressions"
        case TemplateSyntaxError():
            return f"it is not a template: {error.message}"
        case TemplateRuntimeError():
            return _redacted(str(error.message), text)
        case RecursionError():
            return "it nests too deeply"
        case TypeError() | ArithmeticError():
            return _redacted(str(error), text)
        case _:  # the message may hold a value: `'...' is not in list`
            return f"it raised {type(error).__name__}"


def _absence(error: AbsentError, text: str) -> str:
    owner = error.owner
    if error.hint is not None:
        return _redacted(error.hint, text)
    if owner is missing:
        return f"{_written(error.name, text)} is not defined"
    if isinstance(error.name, int) and isinstance(owner, list | tuple | str):
        return f"there is no item {error.name}: there are {len(owner)}"
    name = _written(error.name, text)
    if isinstance(owner, Mapping):
        return f"{name} is not in the mapping, which has {keys(owner)}"
    return f"{name} was asked of {kind(owner)}"


def _written(name: object, text: str) -> str:
    """A name as it stands in the expression; one that was computed stays unsaid."""
    if isinstance(name, str) and name and name in text:
        return f"`{name}`"
    return "the computed key"


def _redacted(message: str, text: str) -> str:
    """Python's or Jinja's message, keeping only those quoted words that are no data."""

    def keep(match: re.Match[str]) -> str:
        word = match[1] if match[1] is not None else match[2]
        return f"`{word}`" if word in _TYPES or word in text else "`…`"

    message = _QUOTED.sub(keep, message.rstrip("."))
    return message[:1].lower() + message[1:]
