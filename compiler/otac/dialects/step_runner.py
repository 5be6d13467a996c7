"""What the steps of a pipe from before 1.0 come to -> a runner of today."""

from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.diagnostic import Label
from otac.diagnostics.edit import How, Reshaping, Safety
from otac.diagnostics.question import PossibleAnswer, Question
from otac.dialects.findings import Findings
from otac.dialects.nodes import dropping, made, replaced
from otac.dialects.step_list import Failing, labels_of, routing_by_steps
from otac.dialects.step_meaning import StepMeanings
from otac.dialects.step_texts import Read, Reader, Unread, rendered, words_of
from otac.dialects.step_values import (
    Chosen,
    Confidence,
    EnvVariable,
    GivenValue,
    LabelValue,
    ModelStep,
    StepNames,
    UnknownName,
    Value,
    evaluated,
    plain,
    settings,
)
from otac.dialects.step_writing import AttributeOutcome, Meaning
from otac.dialects.ticket_routing import Attribute, Routed, every, process_tickets
from otac.source.document import Entry, Mapping, Node, Scalar

_ATTRIBUTES = ("queue", "priority")
_NAMES_A_VARIABLE = ("hf_token_env_var", "token_env")
_TOKEN = "{{ env.HUGGINGFACE_TOKEN }}"


class StepRunner:
    """One runner, of what its steps come to."""

    def __init__(
        self, node: Mapping, steps: StepMeanings, body: Mapping, found: Findings
    ) -> None:
        self._node = node
        self._steps = steps
        self._meaning: Meaning = steps.meaning
        self._body = body
        self._found = found
        # Whether something was asked without which the runner cannot be made.
        self._is_open = False

    def made(self, interval: Entry) -> Routed | None:
        """The runner and the classifier that it needs; None where a question is open."""
        outcomes = self._outcomes()
        criteria = self._criteria()
        if "queue" not in outcomes:
            return None
        number = float(cast(float, cast(Scalar, interval.value).value))
        schedule = every(interval, number, self._found)
        by_steps = any(one.instead or one.failed for one in outcomes.values())
        # Of its two notes, `ProcessTickets` does not write the second alone.
        noted = {what for what, one in outcomes.items() if one.sure or one.unsure}
        by_steps = by_steps or noted == {"priority"}
        whats = {one.model: what for what, one in outcomes.items()}
        values = {one.model: one.value for one in outcomes.values()}
        read = Reader(whats, values, by_steps=by_steps)
        text = self._text(list(outcomes.values()), read)
        decided = [
            self._attribute(outcomes[what], read) if what in outcomes else None
            for what in _ATTRIBUTES
        ]
        failing = [self._failing(one, read) for one in outcomes.values() if by_steps]
        on_queue, on_priority = decided
        is_whole = on_queue is not None and (on_priority or len(outcomes) == 1)
        is_whole = is_whole and not self._is_open
        if text is None or on_queue is None or criteria is None or not is_whole:
            return None
        queue, whole = criteria
        decisions = on_queue, on_priority
        if not by_steps:
            return process_tickets(
                self._body, queue, text, decisions, schedule, self._found, self._id
            )
        return routing_by_steps(
            self._body, whole, text, decisions, failing, schedule, self._found, self._id
        )

    @property
    def _id(self) -> Scalar:
        for key in ("id", "name", "use"):
            value = self._node.get(key)
            if isinstance(value, Scalar) and value.text:
                return replaced(value, value.text.removeprefix("def:"))
        return made("classify", self._node)

    def _outcomes(self) -> dict[str, AttributeOutcome]:
        found: dict[str, AttributeOutcome] = {}
        for one in self._meaning.outcomes:
            if one.what not in _ATTRIBUTES or one.what in found:
                self._found.ask(
                    Question(f"value.{one.what}.{one.model.name}"),
                    f"`{one.what}` is written twice"
                    if one.what in found
                    else f"`{one.what}` of the ticket is written",
                    one.at.key.span,
                    "a model decides on the queue and on the priority, each once",
                    "which of them is meant? leave that one alone",
                )
                continue
            found[one.what] = one
        found = {what: found[what] for what in _ATTRIBUTES if what in found}
        if "queue" not in found and not self._found.has_errors:
            at = next(iter(self._node)).key
            self._found.ask(
                Question("outcomes"),
                "where do the tickets go?",
                at.span,
                "no step writes to the queue what a model says",
                "add one, or write a `ProcessTickets` in today's form",
            )
        return found

    def _criteria(self) -> tuple[Entry, Mapping] | None:
        """The queue that tickets are taken from, and all that is asked of them."""
        given = self._meaning.criteria
        inside = None if given is None else given.entry.value
        queue = inside.get("queue") if isinstance(inside, Mapping) else None
        name = queue.entries.get("name") if isinstance(queue, Mapping) else None
        if given is None or name is None or not isinstance(inside, Mapping):
            at = next(iter(self._node)).key if given is None else given.entry.key
            self._found.ask(
                Question("queue"),
                "no queue to take tickets from",
                at.span,
                "nothing says it",
                "which queue? write `ticket_search_criteria: {queue: {name: ...}}`",
            )
            return None
        others = [
            one for key, one in inside.entries.items() if key not in ("queue", "limit")
        ]
        for one in others:
            self._found.ask(
                Question(f"filter.{one.key.text}", (dropping(one, "remove"),)),
                "tickets are taken by their queue alone",
                one.key.span,
                "this says something else",
                "remove it to take all tickets of the queue",
            )
        resolved = self._constant(
            evaluated(GivenValue(name, given.scope)), name, given.scope
        )
        return None if resolved is None or others else (resolved, inside)

    def _text(self, outcomes: list[AttributeOutcome], read: Read) -> str | None:
        """What the models read: one text."""
        texts: list[tuple[Scalar, str]] = []
        for one in outcomes:
            given = one.model.entries.get("text")
            if given is None:
                continue
            value = evaluated(given)
            if isinstance(value, UnknownName) or plain(value) == "":
                continue
            given = value if isinstance(value, GivenValue) else given
            if not isinstance(given.entry.value, Scalar):
                self._constant(given, given.entry, given.scope)
                return None
            scalar, unread = rendered(given, read)
            if unread:
                self._ask_unread(f"text.{one.model.name}", given.entry, unread)
                return None
            texts.append((scalar, scalar.text))
        if not texts:
            at = outcomes[0].at.key
            self._found.ask(
                Question("text"),
                "what do the models read?",
                at.span,
                "no step that asks a model has a `prompt`",
                'write `prompt: "{{ data.ticket.subject }} {{ data.ticket.body }}"` there',
            )
            return None
        if texts[0][1] != texts[-1][1]:
            self._found.ask(
                Question("text"),
                "two models read different texts",
                texts[-1][0].span,
                "they become one step, which reads one text",
                "which of them is meant? write it in both",
                Label(texts[0][0].span, "the other text"),
            )
            return None
        return texts[0][1]

    def _attribute(self, outcome: AttributeOutcome, read: Read) -> Attribute | None:
        model, value = outcome.model, outcome.value
        label = (
            value
            if isinstance(value, LabelValue)
            else cast(LabelValue, cast(Chosen, value).sure)
        )
        name = self._setting(model.entries.get("model"), "model", outcome)
        token = self._token(model)
        threshold = low = None
        if isinstance(value, Chosen):
            threshold = self._constant(value.least, outcome.at, self._scope)
            low = self._constant(value.unsure, outcome.at, self._scope)
        labels = labels_of(label, low, outcome.what, self._found)
        note = self._note(outcome, threshold, read)
        is_open = isinstance(value, Chosen) and (threshold is None or low is None)
        if name is None or labels is None or is_open:
            return None
        return Attribute(
            name,
            token,
            threshold,
            low,
            note,
            labels.rules,
            keeps_labels=labels.keeps_others,
            has_patterns=True,
        )

    def _setting(
        self, given: GivenValue | None, name: str, outcome: AttributeOutcome
    ) -> Entry | None:
        if given is None:
            self._found.report(
                missing_keys(self._node, [name], f"`{outcome.model.name}`")
            )
            return None
        return self._constant(evaluated(given), given.entry, given.scope)

    def _constant(self, value: Value, at: Entry, scope: StepNames) -> Entry | None:
        """The entry that holds it."""
        if plain(value) is not None:
            return cast(GivenValue, value).entry
        if isinstance(value, UnknownName):
            self._steps.settings.missing(value.path, at, scope)
            return None
        self._found.ask(
            Question(f"value.{at.key.text}"),
            f"what is `{at.key.shown}`?",
            at.value.span,
            "this is not one value",
            "write the value itself",
        )
        return None

    def _token(self, model: ModelStep) -> Entry | None:
        given = model.entries.get("token")
        if given is None:
            return None
        at, value = given.entry, evaluated(given)
        if isinstance(value, EnvVariable):
            return Entry(at.key, made(value.name, at.value))
        if not isinstance(value, GivenValue) or plain(value) in ("", None):
            return None
        if value.entry.key.text in _NAMES_A_VARIABLE:
            return value.entry
        self._is_open = True
        self._found.ask(
            question_of_token(model.name, value.entry),
            f"the token of `{model.name}` is in the file",
            value.entry.key.span,
            "whoever reads the file can use it",
            f"write it into an environment variable, and `{_TOKEN}` here",
        )
        return None

    def _note(
        self, outcome: AttributeOutcome, threshold: Entry | None, read: Read
    ) -> tuple[Node, Node] | None:
        """Its subject and text, which may depend on how sure the model is."""
        sure = self._note_parts(outcome.sure, outcome, read)
        unsure = self._note_parts(outcome.unsure, outcome, read)
        if (sure is None) != (unsure is None):
            self._ask_for_other_note(outcome)
        if sure is None or unsure is None or threshold is None:
            return sure or unsure
        subject, text = sure
        if cast(Scalar, text).text == cast(Scalar, unsure[1]).text:
            return sure
        confidence = read(Confidence(outcome.model))
        least = cast(Scalar, threshold.value).text
        body = (
            f"{{% if {confidence} >= {least} %}}{cast(Scalar, text).text}"
            f"{{% else %}}{cast(Scalar, unsure[1]).text}{{% endif %}}"
        )
        return subject, made(body, text, style="|" if "\n" in body else None)

    def _ask_for_other_note(self, outcome: AttributeOutcome) -> None:
        given = outcome.sure or outcome.unsure
        assert given is not None
        self._is_open = True
        self._found.ask(
            Question(f"note.{outcome.what}"),
            "a note in one case only",
            given.entry.value.span,
            f"it is written where the model is {'' if outcome.sure else 'not '}sure",
            "what is said in the other case? write a note for it, or the same for both",
        )

    def _note_parts(
        self, given: GivenValue | None, outcome: AttributeOutcome, read: Read
    ) -> tuple[Node, Node] | None:
        if given is None:
            return None
        texts: list[Scalar] = []
        inside = given.entry.value
        within = inside if isinstance(inside, Mapping) else given.beside
        body = given.entry if isinstance(inside, Scalar) else None
        body = body or (within.entries.get("body") if within is not None else None)
        subject = within.entries.get("subject") if within is not None else None
        for one in (subject, body):
            if one is None or not isinstance(one.value, Scalar):
                texts.append(made("", given.entry.value))
                continue
            text, unread = rendered(GivenValue(one, given.scope), read)
            if unread:
                self._ask_unread(f"note.{outcome.what}.{one.key.text}", one, unread)
            texts.append(text)
        if not texts[0].text and given is not outcome.sure and outcome.sure is not None:
            sure = self._note_parts(outcome.sure, outcome, read)
            texts[0] = texts[0] if sure is None else cast(Scalar, sure[0])
        return texts[0], texts[1]

    def _ask_unread(self, key: str, at: Entry, unread: list[Unread]) -> None:
        self._is_open = True
        for one in unread:
            if isinstance(one.value, UnknownName) and one.path[0].endswith("config"):
                given = at.value
                scope = self._scope
                self._steps.settings.missing(one.path, Entry(at.key, given), scope)
                return
        self._found.ask(
            Question(key),
            f"a text with {words_of(unread)} in it",
            at.value.span,
            "no step makes that, or it has no counterpart",
            "what should be there? the ticket's fields, labels and confidences can",
        )

    @property
    def _scope(self) -> StepNames:
        """That of what the pipe is given."""
        config = self._node.get("pipeline_config") or self._node.get("config")
        scope = StepNames({})
        scope.config.update(settings(config or self._node, scope))
        return scope

    def _failing(self, outcome: AttributeOutcome, read: Read) -> Failing:
        """What is written instead, and the note on that."""
        value: Scalar | None = None
        match outcome.instead:
            case None | UnknownName():
                pass
            case EnvVariable(name=name):
                value = made(f"{{{{ get_env('{name}') }}}}", outcome.at.value)
            case other:
                one = self._constant(other, outcome.at, self._scope)
                value = None if one is None else cast(Scalar, one.value)
                self._is_open = self._is_open or one is None
        return Failing(value, self._note_parts(outcome.failed, outcome, read))


def question_of_token(name: str, token: Entry) -> Question:
    """A token in plain text, which belongs into the environment."""
    reason = "set the variable HUGGINGFACE_TOKEN where runs happen"
    place = token.value.span
    word = f'"{_TOKEN}"'
    filled = Reshaping(How.INSTEAD, place, word, Safety.PLACEHOLDER, reason)
    choice = PossibleAnswer(
        "env.HUGGINGFACE_TOKEN", "a variable of this name", (filled,)
    )
    return Question(f"token.{name}", (choice,), choice.answer)
