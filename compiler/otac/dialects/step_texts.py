"""Texts of steps from before 1.0 with today's names in place of theirs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias, cast

from otac.dialects.rewriting import Replaced, edited
from otac.dialects.step_values import (
    Confidence,
    EnvVariable,
    GivenValue,
    LabelValue,
    ModelStep,
    OfTicket,
    Path,
    Value,
    WrittenAttribute,
)
from otac.expressions import uses_template
from otac.source.document import Scalar

# What an expression of today reads for a value; None where nothing does.
Read: TypeAlias = Callable[[Value], str | None]
_WORDS = frozenset(
    (
        *("if", "else", "elif", "endif", "and", "or", "not", "in", "is"),
        *("true", "false", "none", "True", "False", "None"),
    )
)


class Reader:
    """Today's names of values: `whats` are the queue or priority by their models, `written`
    what is written to the ticket for each. With `by_steps`, they are results of steps.
    """

    def __init__(
        self,
        whats: dict[ModelStep, str],
        written: dict[ModelStep, Value],
        *,
        by_steps: bool,
    ) -> None:
        self._whats = whats
        self._written = written
        self._by_steps = by_steps

    def __call__(self, value: Value) -> str | None:
        match value:
            case OfTicket(field=field) if field:
                ticket = "get_pipe_result('ticket')" if self._by_steps else "ticket"
                return f"{ticket}.{field}"
            case EnvVariable(name=name):
                return f"get_env('{name}')"
            case Confidence(model=model) if model in self._whats:
                return self._of(model, "confidence")
        written = self._model_written(value)
        if written is not None:
            what = self._whats[written]
            return (
                f"get_pipe_result('{what}')" if self._by_steps else f"decision.{what}"
            )
        if isinstance(value, LabelValue) and value.map is None:
            return (
                self._of(value.model, "label") if value.model in self._whats else None
            )
        return None

    def _of(self, model: ModelStep, key: str) -> str:
        what = self._whats[model]
        if self._by_steps:
            return f"get_pipe_result('{what}_model', '{key}')"
        return f"decision.{what}_{key}"

    def _model_written(self, value: Value) -> ModelStep | None:
        if isinstance(value, WrittenAttribute):
            return value.model if value.model in self._whats else None
        return next((m for m, one in self._written.items() if one == value), None)


class Unread(NamedTuple):
    """A name in a text that has no counterpart, and what it stands for."""

    path: Path
    value: Value


def rendered(given: GivenValue, read: Read) -> tuple[Scalar, list[Unread]]:
    """The text as a template of today, and what of it could not be read."""
    scalar = cast(Scalar, given.entry.value)
    if not isinstance(scalar.value, str) or not uses_template(scalar.text):
        return scalar, []
    edits: list[Replaced] = []
    unread: list[Unread] = []
    for name in _names(scalar.text):
        value = given.scope.at(name.path)
        if isinstance(value, GivenValue):
            about = given.scope.about
            if about is not None and value.scope.about is None:
                value = value._replace(scope=value.scope.kept(about))
            if not isinstance(value.entry.value, Scalar):
                unread.append(Unread(name.path, value))
                continue
            inner, more = rendered(value, read)
            unread += more
            if name.is_alone:
                edits.append(Replaced(name.outer[0], name.outer[1], inner.text))
                continue
            word: str | None = _literal(inner)
        else:
            word = read(value)
        if word is None:
            unread.append(Unread(name.path, value))
        else:
            edits.append(Replaced(*name.place, word))
    return edited(scalar, edits), unread


class _Name(NamedTuple):
    path: Path
    place: tuple[int, int]
    # With the braces around it, where nothing else is between them.
    outer: tuple[int, int]
    is_alone: bool


def _names(text: str) -> Iterator[_Name]:
    """The names with dots in the expressions of a text."""
    from otac.expressions.tokens import Piece, Tokens

    end = Piece(len(text), len(text), "end", "")
    pieces = [*Tokens(text).pieces, end, end, end, end]
    at = 0
    while at < len(pieces):
        first, before = pieces[at], pieces[at - 1] if at else end
        at += 1
        if first.kind != "name" or first.text in _WORDS or before.text in (".", "|"):
            continue
        if pieces[at].text == "(" or before.kind == "block_begin":
            continue
        path = [first.text]
        while True:
            dot, key, bracket = pieces[at : at + 3]
            if dot.text == "." and key.kind == "name":
                path.append(key.text)
                at += 2
            elif dot.text == "[" and key.kind == "string" and bracket.text == "]":
                path.append(key.text[1:-1])
                at += 3
            else:
                break
        last, after = pieces[at - 1], pieces[at]
        is_alone = before.kind == "variable_begin" and after.kind == "variable_end"
        place = (first.start, last.end)
        yield _Name(tuple(path), place, (before.start, after.end), is_alone)


def _literal(scalar: Scalar) -> str | None:
    """A constant as an expression writes it."""
    if uses_template(scalar.text):
        return None
    if isinstance(scalar.value, bool) or scalar.value is None:
        return str(scalar.value).lower()
    return scalar.text if isinstance(scalar.value, int | float) else repr(scalar.text)


def words_of(unread: list[Unread]) -> str:
    """What could not be read, for a message."""
    return " and ".join(f"`{'.'.join(one.path)}`" for one in unread)
