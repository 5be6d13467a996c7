"""What the expressions in steps from before 1.0 stand for, found without running them.

Each reads a ticket, a setting, or what a model said of a ticket; nothing else could be
there. A text with such expressions inside is given as it stands, with its names.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, cast

from otac.dialects.nodes import made
from otac.expressions import term, uses_template
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
class ModelStep:
    """A step that asks a model; `name` is the step's."""

    name: str
    entries: dict[str, "GivenValue"]


class GivenValue(NamedTuple):
    """What the file says, and the names in it; `beside` is the mapping it stands in."""

    entry: Entry
    scope: "StepNames"
    beside: Mapping | None = None


class EnvVariable(NamedTuple):
    """An environment variable."""

    name: str


class OfTicket(NamedTuple):
    """The ticket, or a field of it."""

    field: str = ""


class LabelValue(NamedTuple):
    """The label of a model, through a map if there is one.

    `rest` is what a label becomes that the map does not have, None where nothing says it.
    """

    model: ModelStep
    map: Entry | None = None
    rest: "Value | None" = None


class Confidence(NamedTuple):
    model: ModelStep


class WrittenAttribute(NamedTuple):
    """What is written to the ticket because of a model."""

    model: ModelStep


class Chosen(NamedTuple):
    """One value if the model is at least so sure, and otherwise another."""

    model: ModelStep
    least: "Value"
    sure: "Value"
    unsure: "Value"


class Put(NamedTuple):
    """A value for a field of the ticket."""

    field: str
    value: "Value"


class UnknownName(NamedTuple):
    """A name that nothing gives a value."""

    path: Path


class OtherExpression(NamedTuple):
    """An expression of another kind."""


Value: TypeAlias = (
    GivenValue
    | EnvVariable
    | OfTicket
    | LabelValue
    | Confidence
    | WrittenAttribute
    | Chosen
    | Put
    | UnknownName
    | OtherExpression
)


@dataclass(eq=False, slots=True)
class StepNames:
    """The names that a step's expressions have.

    `config` is what the pipe around it is given, `own` what the step itself came to.
    `about` is the model that a note is about: notes name values that were never made.
    """

    config: dict[str, GivenValue]
    data: dict[Path, Value] = field(default_factory=dict)
    results: dict[str, dict[str, Value]] = field(default_factory=dict)
    own: dict[str, Value] = field(default_factory=dict)
    about: ModelStep | None = None

    def inside(self, config: dict[str, GivenValue]) -> "StepNames":
        """That of the steps of a pipe."""
        return StepNames({**self.config, **config}, self.data, self.results)

    def kept(self, about: ModelStep) -> "StepNames":
        """The same for a note about a model, whatever gets other values later."""
        return StepNames(self.config, dict(self.data), dict(self.results), {}, about)

    def at(self, path: Path, *, as_text: bool = False) -> Value:
        """What a name with dots stands for; with `as_text`, a setting as it is written."""
        rest = path
        while rest and rest[0] in _AROUND:
            rest = rest[1:]
        if not rest:
            return UnknownName(path)
        found = self._known(rest, as_text=as_text)
        if isinstance(found, UnknownName) and self.about is not None:
            found = _late(rest, self.about)
        return found

    def _known(self, path: Path, *, as_text: bool) -> Value:
        head, inner = path[0], path[1:]
        if head in _SETTINGS and inner:
            return self._setting(inner, as_text=as_text)
        if head == "env" and len(inner) == 1:
            return EnvVariable(inner[0])
        if head == "current_state" and len(inner) == 1:
            return self.own.get(inner[0], UnknownName(path))
        if head == "pipes" and inner:
            result = self.results.get(inner[0], {})
            return result.get(inner[1] if inner[1:] else "value", UnknownName(path))
        if path in self.data:
            return self.data[path]
        if inner and self.data.get(path[:-1]) == OfTicket():
            return OfTicket(path[-1])
        if head in _TICKET and len(inner) < 2:
            return OfTicket(*inner)
        if not inner and head in self.own:
            return self.own[head]
        if not inner and head.isupper():
            return EnvVariable(head)
        return UnknownName(path)

    def _setting(self, path: Path, *, as_text: bool) -> Value:
        called = _CALLED.get(path[0], path[0])
        given = self.config.get(called) or self.config.get(path[0])
        if given is None:
            return UnknownName(path)
        for key in path[1:]:
            value = evaluated(given)
            inside = value.entry.value if isinstance(value, GivenValue) else None
            if not isinstance(inside, Mapping) or key not in inside.entries:
                return UnknownName(path)
            given = GivenValue(
                inside.entries[key], cast(GivenValue, value).scope, inside
            )
        value = evaluated(given)
        return given if as_text and not isinstance(value, GivenValue) else value


def _late(path: Path, about: ModelStep) -> Value:
    """What the text of a note must mean by a name that nothing has."""
    last = path[-1]
    if last == "confidence":
        return Confidence(about)
    if last.startswith("final"):
        return WrittenAttribute(about)
    if last in ("label", "prediction"):
        return LabelValue(about)
    return UnknownName(path)


def evaluated(given: GivenValue, *, as_text: bool = False) -> Value:
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


def noted(given: GivenValue) -> Value:
    """The text of a note, or what chooses one."""
    value = evaluated(given, as_text=True)
    if isinstance(value, Chosen) and isinstance(value.sure, GivenValue):
        return value
    return value if isinstance(value, GivenValue) else given


class _Evaluation:
    def __init__(self, given: GivenValue, *, as_text: bool = False) -> None:
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
                return OtherExpression() if name is None else Put(name, self.of(of))
            case term.ItemTerm(of, key):
                return self._looked_up(self.of(of), self.of(key))
            case term.Conditional(test, yes, no):
                return self._chosen(test, self.of(yes), self.of(no))
            case term.Called("get_env", (term.Constant(name), *_)):
                return EnvVariable(str(name))
            case term.Constant(value) if value is not None:
                scalar = made(value, self._given.entry.value, style="")
                return GivenValue(
                    Entry(self._given.entry.key, scalar), self._given.scope
                )
        return OtherExpression()

    def _or(self, value: Value, other: Value) -> Value:
        if isinstance(value, UnknownName):
            return other
        if (
            isinstance(value, LabelValue)
            and value.map is not None
            and value.rest is None
        ):
            return value._replace(rest=other)
        return value

    def _looked_up(self, table: Value, key: Value) -> Value:
        if not isinstance(table, GivenValue) or not isinstance(key, LabelValue):
            return table if isinstance(table, UnknownName) else OtherExpression()
        return key._replace(map=table.entry)

    def _chosen(self, test: Term, yes: Value, no: Value) -> Value:
        found = compared(test, self._given)
        if found is None:
            return OtherExpression()
        model, least, is_sure = found
        sure, unsure = (yes, no) if is_sure else (no, yes)
        return Chosen(model, least, sure, unsure)


def compared(one: Term, given: GivenValue) -> tuple[ModelStep, Value, bool] | None:
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
    if not isinstance(value, GivenValue) or not isinstance(value.entry.value, Scalar):
        return None
    text = value.entry.value.text
    return None if uses_template(text) else text


def settings(node: object, scope: StepNames) -> dict[str, GivenValue]:
    """The entries of a mapping as what a pipe is given."""
    entries = node.entries if isinstance(node, Mapping) else {}
    return {key: GivenValue(one, scope) for key, one in entries.items()}


def items_of(node: object) -> list[Mapping]:
    """The mappings of a list."""
    items = node.items if isinstance(node, Sequence) else []
    return [one for one in items if isinstance(one, Mapping)]
