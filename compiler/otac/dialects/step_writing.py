"""What steps from before 1.0 write to the ticket, and the notes about it."""

from dataclasses import dataclass, field

from otac.diagnostics.question import Question
from otac.dialects.findings import Findings
from otac.dialects.nodes import dropping
from otac.dialects.step_reading import Conditions, StepSettings, When
from otac.dialects.step_values import (
    Chosen,
    GivenValue,
    LabelValue,
    ModelStep,
    OfTicket,
    Put,
    UnknownName,
    Value,
    evaluated,
    noted,
    plain,
)
from otac.expressions import uses_template
from otac.source.document import Entry, Mapping

_FIELDS = ("queue", "queue.name", "priority", "priority.name")


@dataclass(slots=True)
class AttributeOutcome:
    """What becomes of one attribute of the ticket.

    `value` is what is written; `sure`, `unsure` and `failed` are notes: texts or mappings of
    a subject and a body. `instead` is written where `value` cannot be.
    """

    what: str
    model: ModelStep
    value: Value
    at: Entry
    sure: GivenValue | None = None
    unsure: GivenValue | None = None
    failed: GivenValue | None = None
    instead: Value | None = None


@dataclass(slots=True)
class Meaning:
    """All that the steps of a pipe do; `criteria` are those of the tickets."""

    criteria: GivenValue | None = None
    outcomes: list[AttributeOutcome] = field(default_factory=list)


class Writing:
    """Follows the steps that write; `chosen` is the value that was chosen last."""

    def __init__(
        self, conditions: Conditions, settings: StepSettings, found: Findings
    ) -> None:
        self.meaning = Meaning()
        self.chosen: Chosen | None = None
        self._conditions = conditions
        self._settings = settings
        self._found = found

    def update(
        self, node: Mapping, has: dict[str, GivenValue], when: When, *, failed: bool
    ) -> None:
        """`updated_ticket`, `ticket`, or a field and its value."""
        self.check_ticket(has)
        for written, at in self._puts(has):
            put = written._replace(value=self._meant(written.value))
            what = put.field.partition(".")[0]
            model = _decided_by(put.value)
            if what in ("article", "note"):
                self.note(
                    GivenValue(at, has[next(iter(has))].scope), when, failed=failed
                )
            elif put.field not in _FIELDS:
                self._ask_for_value(put, at)
            elif model is not None:
                if when.sure or when.unsure:
                    self._conditions.ask(node)
                self.meaning.outcomes.append(
                    AttributeOutcome(what, model, put.value, at)
                )
            elif failed and self.meaning.outcomes:
                self.meaning.outcomes[-1].instead = put.value
                if isinstance(put.value, UnknownName):
                    self._settings.missing(
                        put.value.path, at, has[next(iter(has))].scope
                    )
            else:
                self._ask_for_value(put, at)

    def _meant(self, value: Value) -> Value:
        """What was chosen last, for a name that can only mean that."""
        is_final = isinstance(value, UnknownName) and value.path[-1].startswith("final")
        return self.chosen if is_final and self.chosen is not None else value

    def _puts(self, has: dict[str, GivenValue]) -> list[tuple[Put, Entry]]:
        if "ticket_value" in has and "ticket_field" in has:
            name = plain(evaluated(has["ticket_field"])) or ""
            value = evaluated(has["ticket_value"])
            return [(Put(name, value), has["ticket_value"].entry)]
        given = has.get("updated_ticket") or has.get("ticket")
        if given is None:
            note = has.get("add_note")
            return [] if note is None else [(Put("note", note), note.entry)]
        value = evaluated(given)
        if isinstance(value, Put):
            return [(value, given.entry)]
        if not isinstance(value, GivenValue) or not isinstance(
            value.entry.value, Mapping
        ):
            return [(Put("", value), given.entry)]
        found: list[tuple[Put, Entry]] = []
        for key, one in value.entry.value.entries.items():
            inner = one.value
            if uses_template(key):
                # The field is a setting, too.
                said = plain(
                    evaluated(GivenValue(Entry(one.key, one.key), value.scope))
                )
                found.append(
                    (Put(said or key, evaluated(GivenValue(one, value.scope))), one)
                )
            elif key in ("queue", "priority") and isinstance(inner, Mapping):
                found += [
                    (Put(f"{key}.{k}", evaluated(GivenValue(e, value.scope))), e)
                    for k, e in inner.entries.items()
                ]
            else:
                found.append((Put(key, evaluated(GivenValue(one, value.scope))), one))
        return found

    def check_ticket(self, has: dict[str, GivenValue]) -> None:
        """All that is written goes to the ticket that was fetched."""
        given = has.get("ticket_id")
        value = None if given is None else evaluated(given)
        if given is None or isinstance(value, OfTicket | UnknownName):
            return
        self._found.ask(
            Question("ticket", (dropping(given.entry, "fetched"),), "fetched"),
            "which ticket is changed?",
            given.entry.value.span,
            "this is not the one that was fetched",
            "remove it to change that one",
        )

    def note(self, given: GivenValue, when: When, *, failed: bool) -> None:
        if not self.meaning.outcomes:
            self._found.ask(
                Question(
                    f"note.{given.entry.key.text}", (dropping(given.entry, "no"),)
                ),
                "what is this note about?",
                given.entry.value.span,
                "no step before it writes what a model says",
                "move it behind that step, or remove it",
            )
            return
        outcome = self.meaning.outcomes[-1]
        value = noted(given)
        if isinstance(value, Chosen) and isinstance(value.unsure, UnknownName):
            self._settings.missing(value.unsure.path, given.entry, given.scope)
        if isinstance(value, Chosen):
            outcome.sure = _kept(value.sure, outcome.model)
            outcome.unsure = _kept(value.unsure, outcome.model)
        elif failed:
            outcome.failed = _kept(value, outcome.model)
        else:
            note = _kept(value, outcome.model)
            outcome.sure = outcome.sure if when.unsure else note
            outcome.unsure = outcome.unsure if when.sure else note

    def _ask_for_value(self, put: Put, at: Entry) -> None:
        self._found.ask(
            Question(f"value.{put.field or at.key.text}"),
            f"what becomes of `{put.field or at.key.shown}`?",
            at.value.span,
            "this is not what a model says, nor one value where it is not sure",
            "write `{% if confidence >= threshold %}` the label `{% else %}` another value "
            "`{% endif %}`, in the words of this file",
        )


def _kept(note: Value, about: ModelStep) -> GivenValue | None:
    if not isinstance(note, GivenValue):
        return None
    return note._replace(scope=note.scope.kept(about))


def _decided_by(value: Value) -> ModelStep | None:
    """The model whose label, or what it becomes, a value is."""
    match value:
        case LabelValue(model=model):
            return model
        case Chosen(model=model, sure=LabelValue(model=said)) if said is model:
            return model
    return None
