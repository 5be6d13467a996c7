"""September 2025: `pipes` by their names, which say all there is about their order.

Read by the images of 24 September 2025. Each pipe names the values that it reads and makes,
in one context for all of them. A label that no rule is about was kept.
"""

import re
from string import Formatter
from typing import cast

from otac.diagnostics.edit import replacement
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, replaced
from otac.dialects.ticket_routing import Attribute, every, one_step, rules
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_TICKET_KEYS = frozenset(("id", "subject", "body"))
_FORMAT = re.compile(r"[0-9]*(?:\.[0-9]+)?[eEfFgG]", re.ASCII)
_OPENING = re.compile(r"\{[{%#]")
_READ, _IGNORED = "to_value_from_list", "to_values_from_list"
_EVERY = "run_every_milli_seconds"


def named_pipes(body: Mapping, found: Findings) -> Mapping:
    """The canonical body of a file in this form."""
    pipes = cast(Mapping, body.get("pipes"))
    reading = _Reading(pipes, found)
    queue = reading.queue()
    reading.prepare()
    decisions = reading.attribute("queue"), reading.attribute("priority")
    orchestrator = cast(Mapping, body.get("orchestrator"))
    interval = orchestrator.entries[_EVERY]
    number = float(cast(float, cast(Scalar, interval.value).value))
    schedule = every(interval, number, found)
    return one_step(body, queue, reading.text, decisions, schedule, found)


class _Reading:
    """Reads the pipes in their order; `names` are the values there are so far, and what
    an expression of a note reads for them, None where nothing does.
    """

    def __init__(self, pipes: Mapping, found: Findings) -> None:
        self.text = ""
        self._pipes = pipes
        self._found = found
        self._names: dict[str, str | None] = {}
        # The pipe that is read, for the keys of questions.
        self._at = ""

    def queue(self) -> Entry:
        """The queue of the `ticket_fetcher`; the other filters were not read."""
        fetcher = self._pipe("ticket_fetcher")
        name = fetcher.get("output_field")
        self._ticket = "ticket" if name is None else _text(name)
        self._names |= {f"{self._ticket}.{k}": f"ticket.{k}" for k in _TICKET_KEYS}
        filters = fetcher.entries["filters"]
        queue: Entry | None = None
        for one in cast(Sequence, filters.value).items:
            assert isinstance(one, Mapping)
            operator = one.get("operator")
            is_equal = operator is None or _text(operator) == "equals"
            field, value = one.entries["field"], one.entries["value"]
            if is_equal and _text(field.value) == "queue_name" and queue is None:
                queue = value
            elif is_equal and _text(field.value) == "queue_id":
                self._ask_for_name(value)
                name_of_it = replaced(cast(Scalar, value.value), _text(value.value))
                queue = queue or Entry(value.key, name_of_it)
            else:
                self._found.without_counterpart(
                    field.key,
                    "that release read the queue alone, and only `equals`",
                    "remove this filter",
                )
        if queue is None:
            queue = filters
            self._found.ask(
                Question("queue"),
                "no queue to take tickets from",
                filters.key.span,
                "no filter here is `queue_name` `equals`",
                "which queue? add `{field: queue_name, operator: equals, value: ...}`",
            )
            return Entry(filters.key, replaced(filters.key, ""))
        return queue

    def _ask_for_name(self, value: Entry) -> None:
        self._found.ask(
            Question("queue"),
            f"which queue has the id {_text(value.value)}?",
            value.value.span,
            "tickets are taken from a queue by its name",
            "write `field: queue_name` and the name",
        )

    def prepare(self) -> None:
        """The text: subject, line feed, body, or whatever the file names."""
        preparer = self._pipe("subject_body_preparer")
        keys = ("subject_field", "body_field")
        parts = [self._read(preparer.entries[key], key.split("_")[0]) for key in keys]
        self.text = "\n".join(f"{{{{ {part} }}}}" for part in parts)
        self._prepared = _text(preparer.entries["output_field"].value)
        self._names[self._prepared] = None

    def _read(self, one: Entry, usual: str) -> str:
        """What an expression reads for the ticket's value that this names."""
        name = _text(one.value)
        if name.startswith(f"{self._ticket}.") and self._names.get(name):
            return str(self._names[name])
        self._expect(one, f"{self._ticket}.{usual}")
        return f"ticket.{usual}"

    def attribute(self, what: str) -> Attribute:
        """What the pipes for the queue or the priority come to."""
        model = self._pipe(f"{what}_ai_model")
        self._expect(model.entries["input_field"], self._prepared)
        output = cast(Mapping, model.get("output_structure"))
        label = _text(output.entries["label_field"].value)
        confidence = _text(output.entries["confidence_field"].value)
        self._names[label] = f"decision.{what}_label"
        self._names[confidence] = f"decision.{what}_confidence"
        mapper = self._pipe(f"{what}_mapper")
        self._expect(mapper.entries["input_field"], label)
        mapped = _text(mapper.entries["output_field"].value)
        targets, changes = self._rules(f"{what}_mapper", mapper)
        if mapped != label:
            self._names[mapped] = None if changes else self._names[label]
        handler = self._pipe(f"{what}_low_confidence_handler")
        if changes or _text(handler.entries["label_field"].value) != label:
            self._expect(handler.entries["label_field"], mapped)
        self._expect(handler.entries["confidence_field"], confidence)
        low = handler.entries["low_confidence_value"]
        if what == "priority":
            self._check_low(low, targets)
        final = _text(handler.entries["output_field"].value)
        self._names[final] = f"decision.{what}"
        updater = self._operation(f"{what}_updater")
        self._expect(updater.entries["value"], final)
        note = self._operation(f"{what}_note_adder")
        return Attribute(
            model.entries["hf_model"],
            model.entries.get("hf_token_env_var"),
            handler.entries["threshold"],
            low,
            (
                self._formatted(note.entries["subject"]),
                self._formatted(note.entries["body"]),
            ),
            changes,
        )

    def _rules(self, name: str, mapper: Mapping) -> tuple[list[str], Entries]:
        """The targets that were read, and what they change of labels."""
        ignored = mapper.entries.get(_IGNORED)
        if ignored is not None and rules(cast(Mapping, ignored.value)):
            follow = replacement(ignored.key.span, _READ)
            choices = (
                dropping(ignored, "keep", "labels stay as they are"),
                PossibleAnswer("follow", "labels become what it says", (follow,)),
            )
            self._found.ask(
                Question(f"label-map.{name}", choices, "keep"),
                f"does `{_IGNORED}` count?",
                ignored.key.span,
                f"that release read `{_READ}` alone and kept every label",
                f"write `{_READ}` if it does, or remove it to keep the labels",
            )
        read = mapper.entries.get(_READ)
        if read is None:
            return [], {}
        targets = cast(Mapping, read.value)
        return list(targets.entries), rules(targets)

    def _operation(self, name: str) -> Mapping:
        """The only operation of a pipe that changes the ticket."""
        pipe = self._pipe(name)
        self._expect(pipe.entries["ticket_id_field"], f"{self._ticket}.id")
        operations = pipe.entries["update_operations"]
        return cast(Mapping, cast(Sequence, operations.value).items[0])

    def _expect(self, one: Entry, name: str) -> None:
        """The one value that makes sense here."""
        written = _text(one.value)
        if written == name:
            return
        reason = f"`{written}` is another value"
        if written not in self._names:
            reason = f"no pipe before this one makes `{written}`"
        place = one.value.span
        self._found.ask(
            Question(f"value.{self._at}.{one.key.text}", (instead(place, name),), name),
            f"`{one.key.shown}` reads `{written}` and not `{name}`",
            place,
            reason,
            f"is `{name}` meant? anything else has no counterpart today",
        )

    def _check_low(self, low: Entry, targets: list[str]) -> None:
        """`mittel` beside `3 Mittel`: no helpdesk has both."""
        name = _text(low.value)
        if name in targets:
            return
        alike = [one for one in targets if one.casefold().endswith(name.casefold())]
        if len(alike) == 1:
            place = low.value.span
            choices = (
                instead(place, alike[0], "as the labels of this file"),
                PossibleAnswer(name, "the helpdesk has such a priority"),
            )
            self._found.doubt(
                Question("low-confidence-priority", choices, alike[0], place),
                f"`{name}` is probably `{alike[0]}`",
                place,
                "the priorities of this file have numbers; it is set as it is",
                f"write `{alike[0]}`, or leave it if the helpdesk has `{name}`",
            )

    def _formatted(self, one: Entry) -> Node:
        """A text for Python's `str.format`, with expressions in their place."""
        scalar = cast(Scalar, one.value)
        question = Question(f"note.{self._at}.{one.key.text}")
        try:
            pieces = list(Formatter().parse(scalar.text))
        except ValueError as problem:
            self._found.ask(
                question,
                "a note whose braces do not fit together",
                scalar.span,
                f"{problem}",
                "what should be there? `{name}` is a value, `{{` a brace",
            )
            return scalar
        made_of = ""
        unreadable: list[str] = []
        for plain, name, form, conversion in pieces:
            made_of += _OPENING.sub(lambda found: f"{{{{ '{found[0]}' }}}}", plain)
            if name is None:
                continue
            value = self._names.get(name)
            if value is None or conversion:
                unreadable.append(f"`{{{name}}}`")
            elif not form:
                made_of += f"{{{{ {value} }}}}"
            elif _FORMAT.fullmatch(form) and value.endswith("_confidence"):
                made_of += f"{{{{ '%{form}' | format({value}) }}}}"
            else:
                unreadable.append(f"`{{{name}:{form}}}`")
        if unreadable:
            self._found.ask(
                question,
                f"a note with {' and '.join(unreadable)} in it",
                scalar.span,
                "no pipe before this one makes that, or it has no counterpart",
                "what should be there? a label, a confidence such as `{name:.2f}` or "
                "the ticket's `id`, `subject` and `body` can",
            )
        return scalar if made_of == scalar.text else replaced(scalar, made_of)

    def _pipe(self, name: str) -> Mapping:
        self._at = name
        return cast(Mapping, self._pipes.get(name))


def _text(node: Node) -> str:
    return cast(Scalar, node).text
