"""One predictor of a file from before 1.0: what decides on the queue or the priority."""

import json
from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.edit import How, Proposal, Reshaping
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry_after, mapping
from otac.dialects.part_wiring import (
    MAP,
    WiredPart,
    attribute_in,
    class_of,
    has,
    text_of,
    wired_to,
    wires_of,
)
from otac.dialects.ticket_routing import Attribute, every, queue_of, rules, without_same
from otac.dialects.triggers import UNITS
from otac.source.document import Entry, Mapping, Scalar, Span


class Predictor:
    """What decides on the queue or the priority, and the parts it names.

    `is_list` is true where all parts stand in one list of `pipes`: there was no blank
    between subject and body unless the number of subjects is said.
    """

    def __init__(
        self, node: Mapping, parts: list[WiredPart], found: Findings, *, is_list: bool
    ) -> None:
        self.node = node
        self.name = text_of(node.entries["id"].value)
        self._has = has(node)
        self._parts = wired_to(node, parts, found)
        self._is_list = is_list
        missing = {"fetcher", "model", "modifier"} - self._parts.keys()
        self.is_whole = not missing
        if missing and not found.has_errors:
            found.report(missing_keys(node, sorted(missing), f"`{self.name}`"))
        self.what = self._decides_on()
        modifier = self._parts.get("modifier")
        if modifier is not None:
            self._check_modifier(modifier, parts, found)

    @property
    def place(self) -> Span:
        return self.node.entries["id"].value.span

    def wire(self, kind: str) -> Scalar | None:
        """Where it names its part of a kind."""
        part = self._parts.get(kind)
        wires = wires_of(self.node)
        return next((w for _, w in wires if part and w.text == part.name), None)

    def _decides_on(self) -> str:
        """By its class, or else by its name."""
        for said in (class_of(self.node), self.name):
            found = attribute_in(said)
            if found is not None:
                return found
        modifier = self._parts.get("modifier")
        return (None if modifier is None else modifier.attribute) or "queue"

    def _check_modifier(
        self, modifier: WiredPart, parts: list[WiredPart], found: Findings
    ) -> None:
        """A predictor for priorities with the modifier for queues: a slip of old."""
        other = modifier.attribute
        wire = self.wire("modifier")
        if other is None or other == self.what or wire is None:
            return
        own = [
            one.name
            for one in parts
            if one.kind == "modifier" and one.attribute == self.what
        ]
        choices = tuple(instead(wire.span, one) for one in own)
        proposal = own[0] if len(own) == 1 else None
        found.ask(
            Question(f"modifier.{self.name}", choices, proposal, wire.span),
            f"`{self.name}` uses the modifier for {other}s, `{modifier.name}`",
            wire.span,
            f"it predicts what a {self.what} should be",
            f"which modifier is meant? probably `{own[0]}`"
            if own
            else f"which modifier is meant? there is none for a {self.what}",
        )

    def queue(self, found: Findings) -> Entry | None:
        """The queue whose tickets are taken."""
        fetcher = self._parts["fetcher"]
        if "filter_by_queue" in fetcher.has:
            return fetcher.has["filter_by_queue"]
        filters = fetcher.has.get("filters")
        queue = None if filters is None else queue_of(filters, found)
        if queue is None and (filters is None or not found.has_errors):
            found.report(missing_keys(fetcher.node, ["filters"], f"`{fetcher.name}`"))
        return queue

    @property
    def text(self) -> str:
        """The subject as often as is said, and the body."""
        preparer = self._parts.get("preparer")
        times = None if preparer is None else preparer.has.get("repeat_subject")
        if times is None:
            blank = "" if self._is_list else " "
            return f"{{{{ ticket.subject }}}}{blank}{{{{ ticket.body }}}}"
        number = cast(int, times.value.plain())
        return "{{ ticket.subject }} " * number + "{{ ticket.body }}"

    @property
    def schedule_entry(self) -> Entry | None:
        """How often it looks for tickets, as the file says it."""
        has = self.node.entries
        return has.get("run_every_seconds") or has.get("schedule")

    def milliseconds(self, found: Findings) -> float | None:
        """The interval; None where nothing says it, which is reported."""
        given = self.schedule_entry
        if given is None:
            word = "schedule: {interval: 10, unit: seconds}"
            ten = PossibleAnswer("10 s", "", (Reshaping(How.BESIDE, self.place, word),))
            found.ask(
                Question(f"schedule.{self.name}", (ten,), "10 s"),
                f"how often does `{self.name}` look for tickets?",
                self.place,
                "nothing says it",
                f"write `{word}`, or how often it is",
            )
            return None
        if isinstance(given.value, Scalar):
            return float(given.value.text) * 1000
        schedule = cast(Mapping, given.value)
        unit = schedule.get("unit") or schedule.get("units")
        factor = 1000 if unit is None else 1000 * UNITS[text_of(unit).rstrip("s") + "s"]
        return float(text_of(schedule.entries["interval"].value)) * factor

    def schedule(self, found: Findings) -> Entries | None:
        """The interval as a runner has it."""
        milliseconds, given = self.milliseconds(found), self.schedule_entry
        if milliseconds is None or given is None:
            return None
        return every(given, milliseconds, found)

    def with_times_of(self, other: "Predictor") -> tuple[Proposal, ...] | None:
        """The changes that give it the interval of another, if both are written alike."""
        given = [one.schedule_entry for one in (self, other)]
        inside = [one.value if one else None for one in given]
        if not all(isinstance(one, Mapping) for one in inside):
            return None
        mine, theirs = (cast(Mapping, one).entries for one in inside)
        if mine.keys() != theirs.keys():
            return None
        changed = (
            instead(mine[key].value.span, text_of(theirs[key].value)).makes
            for key in mine
        )
        return tuple(one for makes in changed for one in makes)

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
            _ask_for_local(model, name, found)
        rules_in = next((has for has in (self._has, modifier.has) if MAP in has), None)
        made_of: Entries = {}
        keeps_labels = True
        if rules_in is not None:
            made_of, keeps_labels = self._rules(rules_in, low, found)
        return Attribute(
            name,
            model.has.get("hf_token_env_var") or default,
            threshold,
            _target(low),
            None,
            made_of,
            keeps_labels=keeps_labels,
            has_patterns=True,
        )

    def _rules(self, has: Entries, low: Entry, found: Findings) -> tuple[Entries, bool]:
        """What labels become, and whether the others are names themselves."""
        given = has[MAP]
        made_of = rules(cast(Mapping, given.value), also_same=True)
        made_of = {key: _target(one) for key, one in made_of.items()}
        if not made_of:
            return {}, True
        rest = made_of.get("*")
        if rest is None:
            # A list of pipes means what the flat form soon did: labels were names.
            are_names = all(isinstance(one.value, Scalar) for one in made_of.values())
            keeps = self._is_list and are_names
            self._ask_for_rest(given, text_of(low.value), found, keeps=keeps)
        else:
            keeps = isinstance(rest.value, Scalar) and rest.value.text == "*"
        if keeps:
            made_of.pop("*", None)
            return without_same(made_of), True
        return made_of, False

    def _ask_for_rest(
        self, given: Entry, low: str, found: Findings, *, keeps: bool
    ) -> None:
        targets = cast(Mapping, given.value)
        words = {"keep": '"*": ["*"]', low: f'{json.dumps(low)}: ["*"]'}
        meant = "keep" if keeps else low
        choices = tuple(
            PossibleAnswer(
                answer,
                "the label is the name" if answer == "keep" else "as if not sure",
                () if answer == meant else (entry_after(targets, word),),
            )
            for answer, word in words.items()
            if answer == meant or (targets.entries and answer not in targets.entries)
        )
        found.doubt(
            Question(f"other-labels.{self.name}", choices, meant),
            "what becomes of a label that is not in the list?",
            given.key.span,
            f"it is taken as the name of a {self.what}"
            if keeps
            else f"it is treated as one that is not sure: `{low}`",
            'to say it, add `"*"` to the labels of one of them; `"*": ["*"]` keeps such '
            "labels as names",
        )


def _ask_for_local(model: WiredPart, name: Entry, found: Findings) -> None:
    local = PossibleAnswer(
        "local",
        "the model of this name runs on this machine",
        instead(name.key.span, "hf_model").makes,
    )
    found.ask(
        Question(f"endpoint.{model.name}", (local,), "local"),
        "on an inference endpoint or on this machine?",
        name.key.span,
        "there is no component for an endpoint",
        f"to run the model of this name on this machine, write `hf_model` in place of "
        f"`{name.key.shown}`; for an endpoint, write a classifier of your own",
    )


def _target(one: Entry) -> Entry:
    """A number is an id, a text a name."""
    value = cast(Scalar, one.value)
    if isinstance(value.value, int):
        return Entry(one.key, mapping(added("id", value, value), value))
    return one
