"""The steps of a pipe from before 1.0 -> what they decide on, and from what.

The steps fetch a ticket, ask one model or two, and write what these say to the ticket, with
notes; some say what becomes of a ticket that could not be written. They are followed in
their order, as what they stand for.
"""

from dataclasses import dataclass, field

from otac.config.shape_findings import unknown_key
from otac.diagnostics.diagnostic import Label as Place
from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.question import Choice, Question, instead
from otac.diagnostics.suggest import misspelt, nearest
from otac.dialects import names
from otac.dialects.dotted_keys import nested
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, mapping
from otac.dialects.part_wiring import attribute_in
from otac.dialects.step_conditions import Conditions, When
from otac.dialects.step_reading import (
    READ,
    STEP_KEYS,
    TOKENS,
    Definitions,
    class_of,
    kind_of,
    leaves,
    name_of,
    parameters,
    text_in,
)
from otac.dialects.step_values import (
    Chosen,
    Confidence,
    Given,
    Label,
    Missing,
    Model,
    OfTicket,
    Path,
    Put,
    Scope,
    Value,
    evaluated,
    items_of,
    noted,
    plain,
    settings,
)
from otac.expressions.template import uses_template
from otac.source.document import Entry, Mapping, Scalar

_DEEPEST = 20
_WRITING = ("UpdateTicket", "AddNote")
_FIELDS = ("queue", "queue.name", "priority", "priority.name")


@dataclass(slots=True)
class Outcome:
    """What becomes of one attribute of the ticket.

    `value` is what is written; `sure`, `unsure` and `failed` are notes: texts or mappings of
    a subject and a body. `instead` is written where `value` cannot be.
    """

    what: str
    model: Model
    value: Value
    at: Entry
    sure: Given | None = None
    unsure: Given | None = None
    failed: Given | None = None
    instead: Value | None = None


@dataclass(slots=True)
class Meaning:
    """All that the steps of a pipe do; `criteria` are those of the tickets."""

    criteria: Given | None = None
    outcomes: list[Outcome] = field(default_factory=list)


class Steps:
    """Follows steps; `definitions` are pipes by their names, `maps` those of the system."""

    def __init__(
        self, definitions: dict[str, Mapping], maps: Entries, found: Findings
    ) -> None:
        self.meaning = Meaning()
        self._definitions = Definitions(definitions, found)
        self._conditions = Conditions(found)
        self._maps = maps
        self._found = found
        self._models: list[Model] = []
        self._stray: dict[Path, Value] = {}
        self._asked: set[str] = set()
        self._chosen: Chosen | None = None

    def follow(
        self,
        steps: list[Mapping],
        scope: Scope,
        *,
        failed: bool = False,
        depth: int = 0,
    ) -> None:
        """Follow a list of steps; `failed` is true where one before could not write."""
        for node in steps:
            self._step(node, steps, scope, failed=failed, depth=depth)
            failed = failed or text_in(node, "on_success").startswith("finish")

    def missing(self, path: Path, at: Entry, scope: Scope) -> None:
        """Ask for a setting that is read and never given."""
        name = path[-1]
        key = "error-queue" if name.startswith("error_queue") else f"setting.{name}"
        if key in self._asked:
            return
        self._asked.add(key)
        similar = nearest(name, scope.config)
        if similar is not None:
            given = scope.config[similar].entry.key
            self._found.ask(
                Question(key, (instead(given.span, name),), name),
                f"`{similar}` is probably `{name}`",
                given.span,
                f"`{'.'.join(path)}` is never given",
                f"write `{name}`",
            )
            return
        self._found.ask(
            question_of_setting(key, name, scope),
            f"`{'.'.join(path)}` is never given",
            at.value.span,
            "this reads it",
            f"what is it? write `{name}` beside what the pipe is given",
        )

    def _step(
        self,
        node: Mapping,
        siblings: list[Mapping],
        scope: Scope,
        *,
        failed: bool,
        depth: int,
    ) -> None:
        whole = self._definitions.whole(node, siblings)
        when = self._conditions.of(whole, scope)
        if when.never:
            return
        failed = failed or when.failed
        has = settings(mapping(parameters(whole), whole), scope)
        if (when.sure or when.unsure) and kind_of(whole) not in _WRITING:
            self._conditions.ask(whole)
        inner = whole.get("steps") or whole.get("pipes")
        own: dict[str, Value] = {}
        kind = kind_of(whole)
        for key in sorted(has.keys() - set(READ.get(kind, has))):
            self._unread(has[key].entry.key, whole, kind)
        match kind:
            case _ if inner is not None and depth < _DEEPEST:
                inside = scope.inside(has)
                self.follow(items_of(inner), inside, failed=failed, depth=depth + 1)
            case "FetchTickets":
                self._fetch(has)
                own = {"found_tickets": OfTicket(), "fetched_tickets": OfTicket()}
            case "Classify":
                own = self._classified(whole, has)
            case "Map":
                value = self._mapped(whole, has)
                own = {"to_value": value, "value": value}
            case "Expression":
                if "expression" in has:
                    own = {"value": evaluated(has["expression"])}
            case "UpdateTicket":
                self._update(whole, has, when, failed=failed)
                own = {"success": OfTicket(), "failed": OfTicket()}
            case "AddNote":
                self._check_ticket(has)
                if "note" in has:
                    self._note(has["note"], when, failed=failed)
            case names.COMPOSITE:
                pass
            case _:
                self._ask_what(whole)
        self._put_out(whole, scope, own)

    def _unread(self, key: Scalar, node: Mapping, kind: str) -> None:
        """A parameter that the step does not take."""
        title = f"`{name_of(node) or class_of(node)}`"
        known = (*READ[kind], *STEP_KEYS)
        similar = nearest(key.text, known)
        if similar is None:
            why = f"{title} does not read it"
            self._found.without_counterpart(key, why, "remove it")
        else:
            self._found.report(unknown_key(key, known, title, similar))

    def _fetch(self, has: dict[str, Given]) -> None:
        given = has.get("ticket_search_criteria")
        value = None if given is None else evaluated(given)
        if isinstance(value, Given) and self.meaning.criteria is not None:
            self._found.ask(
                Question("fetch", (dropping(value.entry, "remove"),)),
                "tickets are fetched twice",
                value.entry.key.span,
                "one step takes the tickets of one queue",
                "which of them is meant? leave that one alone",
                Place(self.meaning.criteria.entry.key.span, "the first time"),
            )
        elif isinstance(value, Given):
            key, inside = value.entry
            self.meaning.criteria = value._replace(entry=Entry(key, nested(inside)))

    def _classified(self, node: Mapping, has: dict[str, Given]) -> dict[str, Value]:
        entries: dict[str, Given] = {}
        for name, keys in (
            ("model", ("model", "hf_model", "model_name")),
            ("text", ("prompt", "text")),
            ("token", TOKENS),
        ):
            given = next((has[key] for key in keys if key in has), None)
            if given is not None:
                entries[name] = given
        model = Model(name_of(node), entries)
        self._models.append(model)
        label = Label(model)
        return {
            "label": label,
            "prediction": label,
            "value": label,
            "confidence": Confidence(model),
        }

    def _mapped(self, node: Mapping, has: dict[str, Given]) -> Value:
        key = (
            evaluated(has["from_key"]) if "from_key" in has else Missing(("from_key",))
        )
        given = has.get("key_to_value_map")
        table = None if given is None else evaluated(given)
        if not isinstance(key, Label):
            return key
        if isinstance(table, Given) and isinstance(table.entry.value, Mapping):
            return key._replace(map=table.entry)
        spare = self._maps.get(f"{attribute_in(name_of(node))}_map")
        if spare is None:
            return key
        choices = (
            Choice("follow", "labels become what it says"),
            dropping(spare, "remove", "labels stay as the model says them"),
        )
        self._found.doubt(
            Question(f"label-map.{name_of(node)}", choices, "follow"),
            f"`{name_of(node)}` has no map of its own",
            spare.key.span,
            "this one is used, which nothing read",
            "remove it to keep the labels of the model as they are",
        )
        return key._replace(map=spare)

    def _update(
        self, node: Mapping, has: dict[str, Given], when: When, *, failed: bool
    ) -> None:
        """`updated_ticket`, `ticket`, or a field and its value."""
        self._check_ticket(has)
        for written, at in self._puts(has):
            put = written._replace(value=self._meant(written.value))
            what = put.field.partition(".")[0]
            model = _decided_by(put.value)
            if what in ("article", "note"):
                self._note(Given(at, has[next(iter(has))].scope), when, failed=failed)
            elif put.field not in _FIELDS:
                self._ask_for_value(put, at)
            elif model is not None:
                if when.sure or when.unsure:
                    self._conditions.ask(node)
                self.meaning.outcomes.append(Outcome(what, model, put.value, at))
            elif failed and self.meaning.outcomes:
                self.meaning.outcomes[-1].instead = put.value
                if isinstance(put.value, Missing):
                    self.missing(put.value.path, at, has[next(iter(has))].scope)
            else:
                self._ask_for_value(put, at)

    def _meant(self, value: Value) -> Value:
        """What was chosen last, for a name that can only mean that."""
        is_final = isinstance(value, Missing) and value.path[-1].startswith("final")
        return self._chosen if is_final and self._chosen is not None else value

    def _puts(self, has: dict[str, Given]) -> list[tuple[Put, Entry]]:
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
        if not isinstance(value, Given) or not isinstance(value.entry.value, Mapping):
            return [(Put("", value), given.entry)]
        found: list[tuple[Put, Entry]] = []
        for key, one in value.entry.value.entries.items():
            inner = one.value
            if uses_template(key):
                # The field is a setting, too.
                said = plain(evaluated(Given(Entry(one.key, one.key), value.scope)))
                found.append(
                    (Put(said or key, evaluated(Given(one, value.scope))), one)
                )
            elif key in ("queue", "priority") and isinstance(inner, Mapping):
                found += [
                    (Put(f"{key}.{k}", evaluated(Given(e, value.scope))), e)
                    for k, e in inner.entries.items()
                ]
            else:
                found.append((Put(key, evaluated(Given(one, value.scope))), one))
        return found

    def _check_ticket(self, has: dict[str, Given]) -> None:
        """All that is written goes to the ticket that was fetched."""
        given = has.get("ticket_id")
        value = None if given is None else evaluated(given)
        if given is None or isinstance(value, OfTicket | Missing):
            return
        self._found.ask(
            Question("ticket", (dropping(given.entry, "fetched"),), "fetched"),
            "which ticket is changed?",
            given.entry.value.span,
            "this is not the one that was fetched",
            "remove it to change that one",
        )

    def _note(self, given: Given, when: When, *, failed: bool) -> None:
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
        if isinstance(value, Chosen) and isinstance(value.unsure, Missing):
            self.missing(value.unsure.path, given.entry, given.scope)
        if isinstance(value, Chosen):
            outcome.sure = _kept(value.sure, outcome.model)
            outcome.unsure = _kept(value.unsure, outcome.model)
        elif failed:
            outcome.failed = _kept(value, outcome.model)
        else:
            note = _kept(value, outcome.model)
            outcome.sure = outcome.sure if when.unsure else note
            outcome.unsure = outcome.unsure if when.sure else note

    def _put_out(self, node: Mapping, scope: Scope, own: dict[str, Value]) -> None:
        """Remember a result by the step's name, and what `output` calls it."""
        for value in own.values():
            self._chosen = value if isinstance(value, Chosen) else self._chosen
        if own and name_of(node):
            scope.results[name_of(node)] = own
        output = node.get("output")
        around = Scope(scope.config, scope.data, scope.results, own)
        for path, entry in leaves(output, ()):
            if "events" in path:
                self._conditions.events[path[-1]] = kind_of(node)
            elif path[0] == "data":
                scope.data[path[1:]] = evaluated(Given(entry, around))
            elif path[0] != "meta":
                self._stray[path] = evaluated(Given(entry, around))
        for path, value in self._stray.items():
            # It went nowhere, and a later step reads it all the same.
            scope.data.setdefault(path, value)

    def _ask_what(self, node: Mapping) -> None:
        said = class_of(node)
        for key, one in node.entries.items():
            similar = None if key in STEP_KEYS else misspelt(key, STEP_KEYS)
            if similar is not None:
                title = f"`{name_of(node) or said or 'a step'}`"
                self._found.report(unknown_key(one.key, STEP_KEYS, title, similar))
                return
        name = node.entries.get("name") or node.entries.get("id")
        self._found.ask(
            Question(f"step.{name_of(node)}", (dropping(node, "remove"),), "remove"),
            f"what does `{name_of(node) or said}` do?",
            (name.value if name is not None else node).span,
            f"`{said}` is nothing that a step can be"
            if said
            else "nothing says what it is",
            "remove it if nothing needs it",
        )

    def _ask_for_value(self, put: Put, at: Entry) -> None:
        self._found.ask(
            Question(f"value.{put.field or at.key.text}"),
            f"what becomes of `{put.field or at.key.shown}`?",
            at.value.span,
            "this is not what a model says, nor one value where it is not sure",
            "write `{% if confidence >= threshold %}` the label `{% else %}` another value "
            "`{% endif %}`, in the words of this file",
        )


def _kept(note: Value, about: Model) -> Given | None:
    if not isinstance(note, Given):
        return None
    return note._replace(scope=note.scope.kept(about))


def question_of_setting(key: str, name: str, scope: Scope) -> Question:
    """A setting that is to be filled in, beside the others."""
    first = next(iter(scope.config.values()), None)
    if first is None:
        return Question(key)
    variable = name.upper()
    word = f"{name}: \"{{{{ get_env('{variable}') }}}}\""
    reason = f"set the variable {variable} where runs happen"
    place = first.entry.key.span
    filled = Reshaping(How.BEFORE, place, word, Safety.PLACEHOLDER, reason)
    choice = Choice(f"get_env('{variable}')", "a variable of this name", (filled,))
    return Question(key, (choice,), choice.answer)


def _decided_by(value: Value) -> Model | None:
    """The model whose label, or what it becomes, a value is."""
    match value:
        case Label(model=model):
            return model
        case Chosen(model=model, sure=Label(model=said)) if said is model:
            return model
    return None
