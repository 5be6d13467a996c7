"""June to September 2025: fetchers, preparers, models and modifiers, wired by their ids.

No release worked with these files. They are read as their documentation meant them: the
tickets of one queue get a queue, and maybe a priority, from what the predictors name.
Those of September 2025 list all parts as `pipes`, and mean what the flat form soon did.
"""

from dataclasses import dataclass
from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.diagnostic import Label, error, warning
from otac.dialects.findings import Findings
from otac.dialects.flat_routing import MOVED, note_of
from otac.dialects.helpdesk_system import helpdesk
from otac.dialects.nodes import Entries, added, mapping
from otac.dialects.ticket_routing import Attribute, every, routing, rules
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_SECTIONS = {
    "fetchers": "fetcher",
    "data_preparers": "preparer",
    "models": "model",
    "ai_inference_services": "model",
    "modifiers": "modifier",
}
# What the class of a part says of it, in the order of asking.
_KINDS = (
    ("fetcher", "fetcher"),
    ("preparer", "preparer"),
    ("modifier", "modifier"),
    ("inference", "model"),
    ("hf", "model"),
)
_WIRES = {
    "fetcher_id": "fetcher",
    "preparer_id": "preparer",
    "model_id": "model",
    "ai_inference_service_id": "model",
    "modifier_id": "modifier",
}
_MAP = "ticket_system_value2model_values"
_UNITS = {
    "milliseconds": 1,
    "seconds": 1000,
    "minutes": 60_000,
    "hours": 3_600_000,
    "days": 86_400_000,
    "weeks": 604_800_000,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part by its kind. `has` is what it says beside and under `params`."""

    kind: str
    name: str
    node: Mapping
    has: Entries


def wired_parts(body: Mapping, found: Findings) -> Mapping | None:
    """The canonical body of a file in this form; None where no tickets are routed."""
    parts = _parts(body, found)
    listed = body.entries.get("attribute_predictors") or body.entries["pipelines"]
    found.report(
        warning(
            "OTC212",
            f"no release of Open Ticket AI worked with `{listed.key.shown}`",
            listed.key.span,
            "it is read as its documentation meant it",
            help="`otac migrate` writes it in today's form",
        )
    )
    predictors = [
        _Predictor(cast(Mapping, one), parts, found)
        for one in cast(Sequence, listed.value).items
    ]
    if found.has_errors:
        # For what they ask as well.
        helpdesk(body.entries["system"], found)
        for one in predictors:
            if one.what == "queue":
                one.schedule(found)
        return None
    queue = _only("queue", predictors, listed.key, found)
    priority = _only("priority", predictors, None, found)
    if queue is None:
        helpdesk(body.entries["system"], found)
        return None
    if priority is not None:
        _check_same(queue, priority, found)
    source = queue.queue(found)
    schedule = queue.schedule(found) or {}
    default = body.entries.get("hf_token_env_var")
    decisions = (
        queue.attribute(default, found),
        None if priority is None else priority.attribute(default, found),
    )
    on_queue, on_priority = decisions
    is_whole = priority is None or on_priority is not None
    if source is None or on_queue is None or not is_whole:
        helpdesk(body.entries["system"], found)
        return None
    is_list = "pipes" in body.entries
    if is_list:
        on_queue.note = note_of(MOVED, body)
    text = queue.text(is_list=is_list)
    return routing(body, source, text, (on_queue, on_priority), schedule, found)


class _Predictor:
    """What decides on the queue or the priority, and the parts it names."""

    def __init__(self, node: Mapping, parts: list[_Part], found: Findings) -> None:
        self.node = node
        self.has = _has(node)
        self.name = _text(node.entries["id"].value)
        self._parts: dict[str, _Part] = {}
        for kind, wire in self._wires():
            part = _named(wire, kind, parts, found)
            if part is not None:
                self._parts.setdefault(part.kind, part)
        missing = {"fetcher", "model", "modifier"} - self._parts.keys()
        if missing and not found.has_errors:
            found.report(missing_keys(node, sorted(missing), f"`{self.name}`"))
        self.what = self._decides_on()
        modifier = self._parts.get("modifier")
        if modifier is not None:
            self._check_modifier(modifier, parts, found)

    def _wires(self) -> list[tuple[str | None, Scalar]]:
        pipes = self.node.get("pipes")
        if isinstance(pipes, Sequence):
            return [(None, cast(Scalar, item)) for item in pipes.items]
        return [
            (kind, cast(Scalar, self.node.entries[key].value))
            for key, kind in _WIRES.items()
            if key in self.node.entries
        ]

    def _decides_on(self) -> str:
        """By its class, or else by its name."""
        for said in (_class(self.node), self.name):
            found = _attribute_in(said)
            if found is not None:
                return found
        modifier = self._parts.get("modifier")
        return (None if modifier is None else _attribute_of(modifier)) or "queue"

    def _check_modifier(
        self, modifier: _Part, parts: list[_Part], found: Findings
    ) -> None:
        """A predictor for priorities with the modifier for queues: a slip of old."""
        other = _attribute_of(modifier)
        if other is None or other == self.what:
            return
        wire = next(w for _, w in self._wires() if w.text == modifier.name)
        own = [
            one.name
            for one in parts
            if one.kind == "modifier" and _attribute_of(one) == self.what
        ]
        found.report(
            error(
                "OTC216",
                f"`{self.name}` uses the modifier for {other}s, `{modifier.name}`",
                wire.span,
                f"it predicts what a {self.what} should be",
                help=f"which modifier is meant? probably `{own[0]}`"
                if own
                else f"which modifier is meant? there is none for a {self.what}",
                suggestion=own[0] if len(own) == 1 else None,
            )
        )

    @property
    def fetcher(self) -> _Part:
        return self._parts["fetcher"]

    def queue(self, found: Findings) -> Entry | None:
        """The queue whose tickets are taken."""
        has = self.fetcher.has
        if "filter_by_queue" in has:
            return has["filter_by_queue"]
        filters = has.get("filters")
        given = [] if filters is None else cast(Sequence, filters.value).items
        queue: Entry | None = None
        for item in given:
            one = cast(Mapping, item)
            name = one.entries.get("attribute") or one.entries.get("field")
            value = one.entries.get("value")
            if name is not None and value is not None and _text(name.value) == "queue":
                queue = value
            else:
                found.report(
                    error(
                        "OTC216",
                        "tickets are taken by their queue alone",
                        (name.value if name is not None else one).span,
                        "this says something else",
                        help="which queue? write `attribute: queue` and its name, and "
                        "remove the other filters",
                    )
                )
        if queue is None and not found.has_errors:
            node = self.fetcher.node
            found.report(missing_keys(node, ["filters"], f"`{self.fetcher.name}`"))
        return queue

    def text(self, *, is_list: bool) -> str:
        """The subject as often as is said, and the body.

        Where parts are a list of `pipes`, there was no blank between them unless the
        number is said.
        """
        preparer = self._parts.get("preparer")
        times = None if preparer is None else preparer.has.get("repeat_subject")
        if times is None:
            return (
                f"{{{{ ticket.subject }}}}{'' if is_list else ' '}{{{{ ticket.body }}}}"
            )
        number = cast(int, times.value.plain())
        return "{{ ticket.subject }} " * number + "{{ ticket.body }}"

    def schedule(self, found: Findings) -> Entries | None:
        """The interval; None where nothing says it, which is reported."""
        seconds = self.node.entries.get("run_every_seconds")
        if seconds is not None:
            return every(seconds.key, float(_text(seconds.value)) * 1000, found)
        given = self.node.entries.get("schedule")
        if given is None:
            found.report(
                error(
                    "OTC216",
                    f"how often does `{self.name}` look for tickets?",
                    self.node.entries["id"].value.span,
                    "nothing says it",
                    help="write `schedule: {interval: 10, unit: seconds}`, or how often "
                    "it is",
                )
            )
            return None
        schedule = cast(Mapping, given.value)
        unit = schedule.get("unit") or schedule.get("units")
        factor = 1000 if unit is None else _UNITS[_text(unit).rstrip("s") + "s"]
        number = schedule.entries["interval"]
        return every(given.key, float(_text(number.value)) * factor, found)

    def attribute(self, default: Entry | None, found: Findings) -> Attribute | None:
        """What decides, in the entries of the model and the modifier."""
        model, modifier = self._parts["model"], self._parts["modifier"]
        name = model.has.get("hf_model") or model.has.get("hf_endpoint_name")
        low = modifier.has.get("low_confidence_value")
        low = low or modifier.has.get("low_confidence_queue")
        threshold = modifier.has.get("confidence_threshold")
        if name is None:
            found.report(missing_keys(model.node, ["hf_model"], f"`{model.name}`"))
        if threshold is None or low is None:
            missing = ["confidence_threshold"] if threshold is None else []
            missing += ["low_confidence_value"] if low is None else []
            found.report(missing_keys(modifier.node, missing, f"`{modifier.name}`"))
        if name is None or threshold is None or low is None:
            return None
        if name.key.text == "hf_endpoint_name":
            _ask_for_local(name, found)
        given = self.has.get(_MAP) or modifier.has.get(_MAP)
        made_of: Entries = {}
        if given is not None:
            made_of = rules(cast(Mapping, given.value))
            made_of = {key: _target(one) for key, one in made_of.items()}
            if made_of and "*" not in made_of:
                _warn_of_rest(given, low, found)
        return Attribute(
            name,
            model.has.get("hf_token_env_var") or default,
            threshold,
            _target(low),
            None,
            made_of,
            keeps_labels=not made_of,
            has_patterns=True,
        )


def _parts(body: Mapping, found: Findings) -> list[_Part]:
    parts: list[_Part] = []
    for section, kind in _SECTIONS.items():
        given = body.get(section)
        if isinstance(given, Sequence):
            parts += [_part(cast(Mapping, one), kind) for one in given.items]
    pipes = body.get("pipes")
    for one in pipes.items if isinstance(pipes, Sequence) else ():
        assert isinstance(one, Mapping)
        said = _class(one).casefold()
        known = next((kind for word, kind in _KINDS if word in said), None)
        if known is not None:
            parts.append(_part(one, known))
            continue
        found.report(
            error(
                "OTC216",
                f"what does `{_text(one.entries['id'].value)}` do?",
                one.entries["id"].value.span,
                f"`{_class(one)}` is not a fetcher, preparer, model or modifier",
                help="what is meant? labels become queues and priorities by "
                f"`{_MAP}` of a modifier",
            )
        )
    return parts


def _part(node: Mapping, kind: str) -> _Part:
    return _Part(kind, _text(node.entries["id"].value), node, _has(node))


def _has(node: Mapping) -> Entries:
    params = node.get("params")
    return {
        **node.entries,
        **(params.entries if isinstance(params, Mapping) else {}),
    }


def _class(node: Mapping) -> str:
    said = node.get("provider_key") or node.get("type")
    return "" if said is None else _text(said)


def _attribute_in(text: str) -> str | None:
    said = text.casefold()
    return next((what for what in ("queue", "priority") if what in said), None)


def _attribute_of(part: _Part) -> str | None:
    return _attribute_in(_class(part.node)) or _attribute_in(part.name)


def _named(
    wire: Scalar, kind: str | None, parts: list[_Part], found: Findings
) -> _Part | None:
    """The part of that id; the only fetcher, where the id is nearly its own."""
    exact = next((one for one in parts if one.name == wire.text), None)
    if exact is not None and kind in (None, exact.kind):
        return exact
    fetchers = [one for one in parts if one.kind == "fetcher"]
    alike = fetchers and (
        wire.text.startswith(fetchers[0].name) or fetchers[0].name.startswith(wire.text)
    )
    if len(fetchers) == 1 and alike and kind in (None, "fetcher"):
        found.report(
            warning(
                "OTC217",
                f"`{wire.text}` is probably `{fetchers[0].name}`",
                wire.span,
                "it is the only fetcher, and is used",
                help=f"write `{fetchers[0].name}`",
                suggestion=fetchers[0].name,
            )
        )
        return fetchers[0]
    names = ", ".join(f"`{one.name}`" for one in parts if kind in (None, one.kind))
    found.report(
        error(
            "OTC216",
            f"which part is `{wire.text}`?",
            wire.span,
            "nothing has this id" if exact is None else f"it is a {exact.kind}",
            help=f"there are {names}" if names else "there is none of this kind",
        )
    )
    return None


def _only(
    what: str, predictors: list[_Predictor], listed: Scalar | None, found: Findings
) -> _Predictor | None:
    those = [one for one in predictors if one.what == what]
    for other in those[1:]:
        found.report(
            error(
                "OTC216",
                f"two predictors decide on the {what}",
                other.node.entries["id"].value.span,
                "this is one of them",
                help="which of them is meant? leave that one alone",
                labels=(
                    Label(those[0].node.entries["id"].value.span, "this is another"),
                ),
            )
        )
    if not those and listed is not None:
        found.report(
            error(
                "OTC216",
                "where do the tickets go?",
                listed.span,
                "no predictor decides on the queue",
                help="add one, or write a `ProcessTickets` in today's form",
            )
        )
    return those[0] if those else None


def _check_same(queue: _Predictor, priority: _Predictor, found: Findings) -> None:
    """Two predictors become one step, which takes the tickets of one queue."""
    place = priority.node.entries["id"].value.span
    one, other = queue.queue(Findings(found.unresolved)), priority.queue(found)
    if one is not None and other is not None and _text(one.value) != _text(other.value):
        found.report(
            error(
                "OTC216",
                "two queues to take tickets from",
                other.value.span,
                f"`{queue.name}` takes them from another queue",
                help="which of them is meant? write it in both",
                labels=(Label(one.value.span, "the other one"),),
            )
        )
        return
    found.report(
        warning(
            "OTC217",
            f"`{queue.name}` and `{priority.name}` take the same tickets",
            place,
            "each would have taken them away from the other; they become one step",
            help="is that meant? priority and queue are then set together, as often as "
            f"`{queue.name}` looks for tickets; for one of them alone, remove the other",
        )
    )


def _ask_for_local(name: Entry, found: Findings) -> None:
    found.report(
        error(
            "OTC216",
            "on an inference endpoint or on this machine?",
            name.key.span,
            "there is no component for an endpoint",
            help=f"to run the model of this name on this machine, write `hf_model` in "
            f"place of `{name.key.shown}`; for an endpoint, write a classifier of your own",
            suggestion="hf_model",
        )
    )


def _warn_of_rest(given: Entry, low: Entry, found: Findings) -> None:
    value = _text(low.value)
    found.report(
        warning(
            "OTC217",
            "what becomes of a label that is not in the list?",
            given.key.span,
            f"it is treated as one that is not sure: `{value}`",
            help='to say it, add `"*"` to the labels of one of them',
        )
    )


def _target(one: Entry) -> Entry:
    """A number is an id, a text a name."""
    value = cast(Scalar, one.value)
    if isinstance(value.value, int):
        return Entry(one.key, mapping(added("id", value, value), value))
    return one


def _text(node: Node) -> str:
    return cast(Scalar, node).text
