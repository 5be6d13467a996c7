"""What the expressions in steps from before 1.0 stand for, found without running them.

Each reads a ticket, a setting, or what a model said of a ticket; nothing else could be
there. A text with such expressions inside is given as it stands, with its names.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, cast

from otac.dialects.nodes import made
from otac.expressions import term
from otac.expressions.template import uses_template
from otac.expressions.term import Term
from otac.source.document import Entry, Mapping, Scalar, Sequence

Path: TypeAlias = tuple[str, ...]
# What stood around the names of values, from one week to the next.
_AROUND = frozenset(("context", "ccontext", "container", "data"))
_SETTINGS = frozenset(("config", "pipeline_config", "params"))
_TICKET = frozenset(("ticket", "dest_ticket"))
# A caller's name for what a definition calls otherwise.
_CALLED = {
    "note_high": "success_full_high_confidence_note",
    "note_low": "success_full_low_confidence_note",
    "prompt": "prompt_tmpl",
    "token": "token_env",
}
_AS_IT_IS = frozenset(("first", "float", "trim", "string"))


@dataclass(eq=False, slots=True)
class Model:
    """A step that asks a model; `name` is the step's."""

    name: str
    entries: dict[str, "Given"]


class Given(NamedTuple):
    """What the file says, and the names in it; `beside` is the mapping it stands in."""

    entry: Entry
    scope: "Scope"
    beside: Mapping | None = None


class Variable(NamedTuple):
    """An environment variable."""

    name: str


class OfTicket(NamedTuple):
    """The ticket, or a field of it."""

    field: str = ""


class Label(NamedTuple):
    """The label of a model, through a map if there is one.

    `rest` is what a label becomes that the map does not have, None where nothing says it.
    """

    model: Model
    map: Entry | None = None
    rest: "Value | None" = None


class Confidence(NamedTuple):
    model: Model


class Written(NamedTuple):
    """What is written to the ticket because of a model."""

    model: Model


class Chosen(NamedTuple):
    """One value if the model is at least so sure, and otherwise another."""

    model: Model
    least: "Value"
    sure: "Value"
    unsure: "Value"


class Put(NamedTuple):
    """A value for a field of the ticket."""

    field: str
    value: "Value"


class Missing(NamedTuple):
    """A name that nothing gives a value."""

    path: Path


class Unreadable(NamedTuple):
    """An expression of another kind."""


Value: TypeAlias = (
    Given
    | Variable
    | OfTicket
    | Label
    | Confidence
    | Written
    | Chosen
    | Put
    | Missing
    | Unreadable
)


@dataclass(eq=False, slots=True)
class Scope:
    """The names that a step's expressions have.

    `config` is what the pipe around it is given, `own` what the step itself came to.
    `about` is the model that a note is about: notes name values that were never made.
    """

    config: dict[str, Given]
    data: dict[Path, Value] = field(default_factory=dict)
    results: dict[str, dict[str, Value]] = field(default_factory=dict)
    own: dict[str, Value] = field(default_factory=dict)
    about: Model | None = None

    def inside(self, config: dict[str, Given]) -> "Scope":
        """That of the steps of a pipe."""
        return Scope({**self.config, **config}, self.data, self.results)

    def kept(self, about: Model) -> "Scope":
        """The same for a note about a model, whatever gets other values later."""
        return Scope(self.config, dict(self.data), dict(self.results), {}, about)

    def at(self, path: Path, *, as_text: bool = False) -> Value:
        """What a name with dots stands for; with `as_text`, a setting as it is written."""
        rest = path
        while rest and rest[0] in _AROUND:
            rest = rest[1:]
        if not rest:
            return Missing(path)
        found = self._known(rest, as_text=as_text)
        if isinstance(found, Missing) and self.about is not None:
            found = _late(rest, self.about)
        return found

    def _known(self, path: Path, *, as_text: bool) -> Value:
        head, inner = path[0], path[1:]
        if head in _SETTINGS and inner:
            return self._setting(inner, as_text=as_text)
        if head == "env" and len(inner) == 1:
            return Variable(inner[0])
        if head == "current_state" and len(inner) == 1:
            return self.own.get(inner[0], Missing(path))
        if head == "pipes" and inner:
            result = self.results.get(inner[0], {})
            return result.get(inner[1] if inner[1:] else "value", Missing(path))
        if path in self.data:
            return self.data[path]
        if inner and self.data.get(path[:-1]) == OfTicket():
            return OfTicket(path[-1])
        if head in _TICKET and len(inner) < 2:
            return OfTicket(*inner)
        if not inner and head in self.own:
            return self.own[head]
        if not inner and head.isupper():
            return Variable(head)
        return Missing(path)

    def _setting(self, path: Path, *, as_text: bool) -> Value:
        called = _CALLED.get(path[0], path[0])
        given = self.config.get(called) or self.config.get(path[0])
        if given is None:
            return Missing(path)
        for key in path[1:]:
            value = evaluated(given)
            inside = value.entry.value if isinstance(value, Given) else None
            if not isinstance(inside, Mapping) or key not in inside.entries:
                return Missing(path)
            given = Given(inside.entries[key], cast(Given, value).scope, inside)
        value = evaluated(given)
        return given if as_text and not isinstance(value, Given) else value


def _late(path: Path, about: Model) -> Value:
    """What the text of a note must mean by a name that nothing has."""
    last = path[-1]
    if last == "confidence":
        return Confidence(about)
    if last.startswith("final"):
        return Written(about)
    if last in ("label", "prediction"):
        return Label(about)
    return Missing(path)


def evaluated(given: Given, *, as_text: bool = False) -> Value:
    """What an entry stands for; itself where it is no expression alone.

    With `as_text`, settings that it names are taken as they are written.
    """
    text = given.entry.value
    if not isinstance(text, Scalar) or not isinstance(text.value, str):
        return given
    if not uses_template(text.text):
        return given
    found = term.sole_term(text.text)
    return given if found is None else _Evaluation(given, as_text=as_text).of(found)


def noted(given: Given) -> Value:
    """The text of a note, or what chooses one."""
    value = evaluated(given, as_text=True)
    if isinstance(value, Chosen) and isinstance(value.sure, Given):
        return value
    return value if isinstance(value, Given) else given


class _Evaluation:
    def __init__(self, given: Given, *, as_text: bool = False) -> None:
        self._given = given
        self._as_text = as_text

    def of(self, one: Term) -> Value:
        match one:
            case term.Name(path):
                return self._given.scope.at(path, as_text=self._as_text)
            case term.Filtered(of, name) if name in _AS_IT_IS:
                return self.of(of)
            case term.Filtered(of, "default", (other, *_)):
                return self._or(self.of(of), self.of(other))
            case term.Filtered(of, "at_path", (field,)):
                name = plain(self.of(field))
                return Unreadable() if name is None else Put(name, self.of(of))
            case term.Item(of, key):
                return self._looked_up(self.of(of), self.of(key))
            case term.Choice(test, yes, no):
                return self._chosen(test, self.of(yes), self.of(no))
            case term.Called("get_env", (term.Constant(name), *_)):
                return Variable(str(name))
            case term.Constant(value) if value is not None:
                scalar = made(value, self._given.entry.value, style="")
                return Given(Entry(self._given.entry.key, scalar), self._given.scope)
        return Unreadable()

    def _or(self, value: Value, other: Value) -> Value:
        if isinstance(value, Missing):
            return other
        if isinstance(value, Label) and value.map is not None and value.rest is None:
            return value._replace(rest=other)
        return value

    def _looked_up(self, table: Value, key: Value) -> Value:
        if not isinstance(table, Given) or not isinstance(key, Label):
            return table if isinstance(table, Missing) else Unreadable()
        return key._replace(map=table.entry)

    def _chosen(self, test: Term, yes: Value, no: Value) -> Value:
        found = compared(test, self._given)
        if found is None:
            return Unreadable()
        model, least, is_sure = found
        sure, unsure = (yes, no) if is_sure else (no, yes)
        return Chosen(model, least, sure, unsure)


def compared(one: Term, given: Given) -> tuple[Model, Value, bool] | None:
    """`confidence >= least`, or `<` and then False; None for any other condition."""
    match one:
        case term.Compared(left, (">=" | "<") as how, right):
            read = _Evaluation(given)
            value = read.of(left)
            if isinstance(value, Confidence):
                return value.model, read.of(right), how == ">="
    return None


def plain(value: Value) -> str | None:
    """The text of what stands there without expressions."""
    if not isinstance(value, Given) or not isinstance(value.entry.value, Scalar):
        return None
    text = value.entry.value.text
    return None if uses_template(text) else text


def settings(node: object, scope: Scope) -> dict[str, Given]:
    """The entries of a mapping as what a pipe is given."""
    entries = node.entries if isinstance(node, Mapping) else {}
    return {key: Given(one, scope) for key, one in entries.items()}


def items_of(node: object) -> list[Mapping]:
    """The mappings of a list."""
    items = node.items if isinstance(node, Sequence) else []
    return [one for one in items if isinstance(one, Mapping)]
