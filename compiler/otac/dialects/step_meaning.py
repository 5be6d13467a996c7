"""The steps of a pipe from before 1.0 -> what they decide on, and from what.

The steps fetch a ticket, ask one model or two, and write what these say to the ticket, with
notes; some say what becomes of a ticket that could not be written. They are followed in
their order, as what they stand for.
"""

from dataclasses import dataclass, field
from typing import cast

from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.question import Choice, Question, instead
from otac.dialects import names
from otac.dialects.dotted_keys import nested
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, mapping
from otac.dialects.part_wiring import attribute_in
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
    compared,
    evaluated,
    items_of,
    noted,
    plain,
    settings,
)
from otac.expressions import term
from otac.expressions.template import uses_template
from otac.source.document import Entry, Mapping, Node, Scalar

# Of the keys of a step, those that are no parameters.
_STEP_KEYS = frozenset(
    (
        *("id", "name", "use", "use_def", "type", "pipe", "operation"),
        *("services", "injects", "config", "params", "steps", "pipes"),
        *("when", "if", "on_failure", "on_success", "output"),
    )
)
_TOKENS = ("hf_token_env_var", "token_env", "token", "hf_token")
_READ = {
    "FetchTickets": ("ticket_search_criteria",),
    "Classify": ("model", "hf_model", "model_name", "prompt", "text", *_TOKENS),
    "Map": ("from_key", "key_to_value_map"),
    "Expression": ("expression",),
    "UpdateTicket": (
        *("ticket_id", "ticket", "updated_ticket"),
        *("ticket_field", "ticket_value", "add_note"),
    ),
    "AddNote": ("ticket_id", "note"),
}
# Classes that no release after them had.
_KINDS = {
    "TicketModifier": "UpdateTicket",
    "HFLocalAIInferenceService": "Classify",
    "ClassifierPipe": "Classify",
    "ContextModifier": "Expression",
    "SimpleKeyValueMapper": "Map",
    "ListValueMapper": "Map",
}
_OPERATIONS = {"find": "FetchTickets", "update": "UpdateTicket"}
_DEEPEST = 20


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


@dataclass(frozen=True, slots=True)
class _When:
    """When a step is taken, as far as it matters."""

    never: bool = False
    failed: bool = False
    sure: bool = False
    unsure: bool = False


class Steps:
    """Follows steps; `definitions` are pipes by their names, `maps` those of the system."""

    def __init__(
        self, definitions: dict[str, Mapping], maps: Entries, found: Findings
    ) -> None:
        self.meaning = Meaning()
        self._definitions = definitions
        self._maps = maps
        self._found = found
        self._models: list[Model] = []
        self._events: dict[str, str] = {}
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
            failed = failed or _text(node, "on_success").startswith("finish")

    def missing(self, path: Path, at: Entry, scope: Scope) -> None:
        """Ask for a setting that is read and never given."""
        name = path[-1]
        key = "error-queue" if name.startswith("error_queue") else f"setting.{name}"
        if key in self._asked:
            return
        self._asked.add(key)
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
        whole = self._with_definition(node, siblings)
        when = self._when(whole, scope)
        if when.never:
            return
        failed = failed or when.failed
        has = settings(mapping(_flat(whole), whole), scope)
        inner = whole.get("steps") or whole.get("pipes")
        own: dict[str, Value] = {}
        kind = self._kind(whole)
        for key in sorted(has.keys() - set(_READ.get(kind, has))):
            self._found.without_counterpart(
                has[key].entry.key,
                f"`{_name(whole) or _class(whole)}` does not read it",
                "remove it",
            )
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
                self._update(has, when, failed=failed)
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

    def _with_definition(
        self, node: Mapping, siblings: list[Mapping], depth: int = 0
    ) -> Mapping:
        """A step with what its definition says and it does not."""
        name = _definition(node)
        definition = self._definitions.get(name or "")
        if definition is None or depth == _DEEPEST:
            if _is_empty_composite(node):
                self._ask_for_definition(node, siblings)
            return node
        kept = {
            k: one for k, one in node.entries.items() if k not in ("use", "use_def")
        }
        if _text(node, "pipe") == names.COMPOSITE:
            kept.pop("pipe", None)
        merged = {**definition.entries, **kept}
        for key in ("config", "params"):
            one, other = definition.get(key), node.get(key)
            if isinstance(one, Mapping) and isinstance(other, Mapping):
                inside = mapping({**one.entries, **other.entries}, other)
                merged[key] = Entry(node.entries[key].key, inside)
        return self._with_definition(mapping(merged, node), [], depth + 1)

    def _kind(self, node: Mapping) -> str:
        said = _class(node)
        if not said and "expression" in _flat(node):
            return "Expression"
        if _text(node, "operation"):
            return _OPERATIONS.get(_text(node, "operation"), "")
        known = names.today(said)
        return _KINDS.get(said, said if known is None else known.name)

    def _fetch(self, has: dict[str, Given]) -> None:
        given = has.get("ticket_search_criteria")
        value = None if given is None else evaluated(given)
        if isinstance(value, Given) and self.meaning.criteria is None:
            key, inside = value.entry
            self.meaning.criteria = value._replace(entry=Entry(key, nested(inside)))

    def _classified(self, node: Mapping, has: dict[str, Given]) -> dict[str, Value]:
        entries: dict[str, Given] = {}
        for name, keys in (
            ("model", ("model", "hf_model", "model_name")),
            ("text", ("prompt", "text")),
            ("token", _TOKENS),
        ):
            given = next((has[key] for key in keys if key in has), None)
            if given is not None:
                entries[name] = given
        model = Model(_name(node), entries)
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
        spare = self._maps.get(f"{attribute_in(_name(node))}_map")
        if spare is None:
            return key
        choices = (
            Choice("follow", "labels become what it says"),
            dropping(spare, "remove", "labels stay as the model says them"),
        )
        self._found.doubt(
            Question(f"label-map.{_name(node)}", choices, "follow"),
            f"`{_name(node)}` has no map of its own",
            spare.key.span,
            "this one is used, which nothing read",
            "remove it to keep the labels of the model as they are",
        )
        return key._replace(map=spare)

    def _update(self, has: dict[str, Given], when: _When, *, failed: bool) -> None:
        """`updated_ticket`, `ticket`, or a field and its value."""
        self._check_ticket(has)
        for written, at in self._puts(has):
            put = written._replace(value=self._meant(written.value))
            what = put.field.partition(".")[0]
            model = _decided_by(put.value)
            if what in ("article", "note"):
                self._note(Given(at, has[next(iter(has))].scope), when, failed=failed)
            elif model is not None:
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

    def _note(self, given: Given, when: _When, *, failed: bool) -> None:
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

    def _when(self, node: Mapping, scope: Scope) -> _When:
        """What a condition says of the writing before it and of the model."""
        one = node.entries.get("when") or node.entries.get("if")
        if one is None or not isinstance(one.value, Scalar):
            return _When()
        text = one.value.text
        if not uses_template(text):
            text = f"{{{{ {text} }}}}"
        test = term.sole_term(text)
        found = None if test is None else self._condition(test, Given(one, scope))
        if found is not None:
            return found
        self._found.ask(
            Question(f"condition.{_name(node)}", (dropping(one, "always"),)),
            f"when is `{_name(node) or 'this step'}` taken?",
            one.value.span,
            "this condition has no counterpart",
            "remove it to take the step always",
        )
        return _When()

    def _condition(self, test: term.Term, given: Given) -> _When | None:
        found = compared(test, given)
        if found is not None:
            return _When(sure=found[2], unsure=not found[2])
        match test:
            case term.And(left, right):
                one, other = (self._condition(t, given) for t in (left, right))
                return None if one is None or other is None else _both(one, other)
            case term.Not(term.Called("has_event", (term.Constant(event),))):
                return _When(failed=self._events.get(str(event)) == "UpdateTicket")
            case term.Called("has_event") | term.Name(("meta", *_)):
                return _When()
            case term.Name(path):
                value = given.scope.at(path)
                is_false = isinstance(value, Given) and not value.entry.value.plain()
                return _When(never=isinstance(value, Missing) or is_false)
        return None

    def _put_out(self, node: Mapping, scope: Scope, own: dict[str, Value]) -> None:
        """Remember a result by the step's name, and what `output` calls it."""
        for value in own.values():
            self._chosen = value if isinstance(value, Chosen) else self._chosen
        if own and _name(node):
            scope.results[_name(node)] = own
        output = node.get("output")
        around = Scope(scope.config, scope.data, scope.results, own)
        for path, entry in _leaves(output, ()):
            if "events" in path:
                self._events[path[-1]] = self._kind(node)
            elif path[0] == "data":
                scope.data[path[1:]] = evaluated(Given(entry, around))
            elif path[0] != "meta":
                self._stray[path] = evaluated(Given(entry, around))
        for path, value in self._stray.items():
            # It went nowhere, and a later step reads it all the same.
            scope.data.setdefault(path, value)

    def _ask_what(self, node: Mapping) -> None:
        said = _class(node)
        name = node.entries.get("name") or node.entries.get("id")
        self._found.ask(
            Question(f"step.{_name(node)}", (dropping(node, "remove"),), "remove"),
            f"what does `{_name(node) or said}` do?",
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

    def _ask_for_definition(self, node: Mapping, siblings: list[Mapping]) -> None:
        use = node.entries.get("use") or node.entries["pipe"]
        others = {_definition(one): one for one in siblings}
        choices = tuple(
            instead(use.value.span, cast(Scalar, one.get("use")).text)
            for name, one in others.items()
            if name in self._definitions and isinstance(one.get("use"), Scalar)
        )
        self._found.ask(
            Question(
                f"definition.{_name(node)}",
                choices,
                choices[0].answer if choices else None,
            ),
            f"which pipes does `{_name(node)}` consist of?",
            use.value.span,
            "it has no steps and names no definition",
            f"is it `{choices[0].answer}`, as beside it?"
            if choices
            else "write its `steps`, or `use: def:...`",
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


def _leaves(node: Node | None, path: Path) -> list[tuple[Path, Entry]]:
    """The scalars of an output, by their paths; keys may have dots."""
    found: list[tuple[Path, Entry]] = []
    for key, one in node.entries.items() if isinstance(node, Mapping) else ():
        here = (*path, *key.split("."))
        if isinstance(one.value, Mapping):
            found += _leaves(one.value, here)
        else:
            found.append((here, one))
    return found


def _flat(node: Mapping) -> Entries:
    """The parameters of a step, wherever they stand."""
    found = {k: one for k, one in node.entries.items() if k not in _STEP_KEYS}
    for key in ("config", "params"):
        inside = node.get(key)
        if isinstance(inside, Mapping):
            found |= inside.entries
    return found


def _definition(node: Mapping) -> str | None:
    """The name of the definition that a step uses."""
    said = _text(node, "use_def") or _text(node, "use")
    return said.removeprefix("def:") or None


def _is_empty_composite(node: Mapping) -> bool:
    return _class(node) == names.COMPOSITE and not (
        "steps" in node.entries or "pipes" in node.entries
    )


def _class(node: Mapping) -> str:
    """The last name of its class."""
    said = _text(node, "pipe") or _text(node, "type") or _text(node, "use")
    return said.rpartition(".")[2].rpartition(":")[2]


def _name(node: Mapping) -> str:
    return _text(node, "name") or _text(node, "id")


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _decided_by(value: Value) -> Model | None:
    """The model whose label, or what it becomes, a value is."""
    match value:
        case Label(model=model):
            return model
        case Chosen(model=model, sure=Label(model=said)) if said is model:
            return model
    return None


def _both(one: _When, other: _When) -> _When:
    return _When(
        one.never or other.never,
        one.failed or other.failed,
        one.sure or other.sure,
        one.unsure or other.unsure,
    )
