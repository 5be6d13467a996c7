"""Keeps credentials out of what Prefect shows and stores."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

from pydantic import ValidationError

from otac.components import Fail, Stop
from otac.components.credential import is_credential
from otac.components.escape import Escaped
from otac.components.refusal import describe, harmless, is_harmless
from otac.expressions.problem import ExpressionError

# Shorter values stand in too many ordinary words to be replaced.
_SHORTEST = 3


class StepError(Exception):
    """Stands for an exception that must not be shown or stored as it is.

    Or for one that is to be shown with its place in the configuration.
    """


class Secrets:
    """The credentials that one run has come across."""

    def __init__(self) -> None:
        self._spellings: set[str] = set()

    def remember(self, value: object) -> None:
        """Notes a credential; of a structure, every text and number in it."""
        match value:
            case Mapping():
                for item in value.values():
                    self.remember(item)
            case list() | tuple():
                for item in value:
                    self.remember(item)
            case bool() | None:
                pass
            case _ if len(text := str(value)) >= _SHORTEST:
                self._spellings.update(_spellings(text))

    def remember_named(self, name: str, value: object) -> None:
        """Notes the value of a variable or parameter if that is named like a credential."""
        if is_credential(name):
            self.remember(value)

    def scrub(self, text: str) -> str:
        """The text with `***` for each credential, and nothing that a terminal obeys."""
        for spelling in sorted(self._spellings, key=len, reverse=True):
            text = text.replace(spelling, "***")
        return harmless(text)

    def clean(self, error: Exception, *, stored: bool) -> Exception:
        """The exception, or one in its place that says the same without credentials
        and without what a terminal obeys.

        Pydantic's own exception is always replaced: it quotes values, and those are
        tickets. `stored` tells that Prefect will pickle the exception; one that carries
        objects (a request, a response) is then replaced by its message.
        """
        if not self._reveals(error) and not (stored and vars(error)):
            return error
        if isinstance(error, Fail | Stop | ExpressionError):
            return type(error)(self.scrub(str(error)))
        return self._replace(error, {id(error)})

    def describe(self, error: Exception) -> str:
        """One line for states and logs: "ValueError: boom"."""
        if isinstance(error, Fail | Stop | ExpressionError | StepError):
            return self.scrub(str(error))
        return self.scrub(text_of(error))

    def _reveals(self, error: Exception) -> bool:
        for link in _chain(error):
            if isinstance(link, ValidationError):
                return True
            notes = getattr(link, "__notes__", ())
            if not is_harmless("".join((str(link), *map(str, notes)))):
                return True
            text = f"{link} {link!r} {notes}"
            if any(spelling in text for spelling in self._spellings):
                return True
        return False

    def _replace(self, error: BaseException, seen: set[int]) -> StepError:
        clean = StepError(self.scrub(text_of(error)))
        clean.__traceback__ = error.__traceback__
        cause = _cause(error)
        if cause is not None and id(cause) not in seen:
            clean.__cause__ = self._replace(cause, seen | {id(cause)})
        return clean


def located(error: Exception, place: str) -> Exception:
    """An exception that also tells where its step stands.

    A state of Prefect's shows what `str` says of the exception and nothing else, so that
    a note would not be seen there. The original is the cause, and the log shows it.
    """
    if isinstance(error, Fail | ExpressionError | StepError):
        told: Exception = type(error)(f"{error}{place}")
        told.__cause__ = _cause(error)
    else:
        told = StepError(f"{text_of(error)}{place}")
        told.__cause__ = error
    told.__traceback__ = error.__traceback__
    return told


def _spellings(value: str) -> set[str]:
    """How a value looks in a message: as it is, in a repr, in JSON, in a URL."""
    return {
        value,
        repr(value)[1:-1],
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(value, safe=""),
        quote_plus(value),
    }


def text_of(error: BaseException) -> str:
    """What is said of an exception: its kind and its message."""
    name = type(error).__name__
    if isinstance(error, StepError | Escaped):
        return str(error)
    message = (
        "; ".join(describe(error)) if isinstance(error, ValidationError) else str(error)
    )
    return f"{name}: {message}" if message else name


def _cause(error: BaseException) -> BaseException | None:
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__
    return error.__context__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Everything that a traceback of the exception would print."""
    queue: list[BaseException] = [error]
    seen: set[int] = set()
    while queue:
        link = queue.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        if (cause := _cause(link)) is not None:
            queue.append(cause)
        if isinstance(link, BaseExceptionGroup):
            queue.extend(link.exceptions)
