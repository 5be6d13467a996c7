"""What a file from before 1.0 routes, put together as one `ProcessTickets`."""

from dataclasses import dataclass, field
from typing import NamedTuple, cast

from otac.config.duration import LONGEST
from otac.config.shape_findings import out_of_range
from otac.diagnostics.diagnostic import Label
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.dialects.findings import Findings
from otac.dialects.helpdesk_system import from_environment, helpdesk, literal
from otac.dialects.nodes import Entries, added, dropping, entry, made, mapping, replaced
from otac.dialects.surroundings import logging_level
from otac.dialects.triggers import interval
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_SHORTEST_SECONDS = 0.1
_RUNNER = "classify"


@dataclass(slots=True)
class Attribute:
    """What decides on the queue or the priority, in the user's own entries.

    `rules` are labels and what they become; with `keeps_labels`, others stay as they are.
    With `has_patterns`, a `*` in them stands for any text. `note` is a subject and a text
    in today's expressions.
    """

    model: Entry
    token: Entry | None
    threshold: Entry | None
    low: Entry | None
    note: tuple[Node, Node] | None
    rules: Entries = field(default_factory=dict)
    keeps_labels: bool = True
    has_patterns: bool = False


class Routed(NamedTuple):
    """A runner, and the services that it needs beside the helpdesk."""

    runner: Mapping
    services: Entries


def one_step(
    body: Mapping,
    queue: Entry,
    text: str,
    decisions: tuple[Attribute, Attribute | None],
    schedule: Entries,
    found: Findings,
) -> Mapping:
    """The canonical body of a file that routes one queue."""
    services = helpdesk(body.entries["system"], found)
    name = made(_RUNNER, body)
    one = process_tickets(body, queue, text, decisions, schedule, found, name)
    return routing(body, {**services, **one.services}, [one.runner])


def process_tickets(
    body: Mapping,
    queue: Entry,
    text: str,
    decisions: tuple[Attribute, Attribute | None],
    schedule: Entries,
    found: Findings,
    name: Scalar,
) -> Routed:
    """The runner of that name. `text` is what is classified, as a template."""
    on_queue, on_priority = decisions
    services = classifier(body, on_queue, on_priority, found)
    params = entry(queue.key, "queue", literal(cast(Scalar, queue.value)))
    params |= added("text", made(text, body), body)
    for attribute in decisions:
        if attribute is not None and not attribute.has_patterns:
            _check_labels(attribute.rules, found)
    params |= _decision("queue", on_queue, body)
    if on_priority is None:
        params |= added("priorities", mapping({}, body), body)
    else:
        params |= entry(on_queue.model.key, "queue_model", on_queue.model.value)
        params |= _decision("priority", on_priority, body)
        params |= entry(
            on_priority.model.key, "priority_model", on_priority.model.value
        )
        params |= added("may_lower_priority", made(True, body, "true"), body)
    if on_queue.note is None:
        params |= added("note", made(False, body, "false"), body)
    pipe = {
        **added("use", made("ProcessTickets", body), body),
        **added("params", mapping(params, body), body),
    }
    return Routed(runner_of(body, name, mapping(pipe, body), schedule), services)


def runner_of(body: Mapping, name: Scalar, pipe: Mapping, schedule: Entries) -> Mapping:
    named = added("pipe_id", name, body)
    return mapping({**named, **added("pipe", pipe, body), **schedule}, body)


def routing(
    body: Mapping,
    services: Entries,
    runners: list[Node],
    around: Entries | None = None,
) -> Mapping:
    """The canonical body; `around` are its other sections."""
    listed = Sequence(runners, body.start, body.end)
    written = body.entries.get("orchestrator")
    inside = mapping(added("runners", listed, body), body)
    orchestrator = added("orchestrator", inside, body)
    if written is not None:
        orchestrator = entry(written.key, "orchestrator", inside)
    return mapping(
        {
            **logging_level(body),
            **(around or {}),
            **added("services", mapping(services, body), body),
            **orchestrator,
        },
        body,
    )


def queue_of(filters: Entry, found: Findings) -> Entry | None:
    """The queue that filters name; anything else they say is asked about."""
    queue: Entry | None = None
    for item in cast(Sequence, filters.value).items:
        one = cast(Mapping, item)
        name = one.entries.get("attribute") or one.entries.get("field")
        value, operator = one.entries.get("value"), one.get("operator")
        is_queue = name is not None and cast(Scalar, name.value).text == "queue"
        is_equal = operator is None or cast(Scalar, operator).text == "equals"
        if is_queue and is_equal and value is not None and queue is None:
            queue = value
            continue
        said = (
            "another filter" if name is None else f"`{cast(Scalar, name.value).text}`"
        )
        found.ask(
            Question(f"filter.{said.strip('`')}", (dropping(one, "remove"),)),
            "tickets are taken by their queue alone",
            (name.value if name is not None else one).span,
            "this says something else",
            "which queue? write `attribute: queue` and its name, and remove the other "
            "filters",
        )
    return queue


def every(one: Entry, milliseconds: float, found: Findings) -> Entries:
    """The interval, at least the shortest there is and at most the longest."""
    key = one.key
    seconds = milliseconds / 1000
    if seconds > LONGEST:
        longest = f"at most {LONGEST:.0f} seconds"
        found.report(out_of_range(one.value, f"`{key.shown}`", "is too large", longest))
        return {}
    if seconds < _SHORTEST_SECONDS:
        tenth = f"{_SHORTEST_SECONDS:g} s"
        slower = "10" if key.text == "run_every_seconds" else "10000"
        choices = [PossibleAnswer(tenth, "as often as possible")]
        if isinstance(one.value, Scalar):
            ten = instead(one.value.span, slower)
            choices.insert(0, ten._replace(answer="10 s", meaning="often enough"))
        found.doubt(
            Question("interval", tuple(choices), choices[0].answer),
            f"`{key.shown}` is shorter than anything can run",
            key.span,
            f"it meant as often as possible; {tenth} is used",
            f"to look every ten seconds, write {slower}",
        )
        seconds = _SHORTEST_SECONDS
    return interval(seconds, key, key)


def rules(targets: Mapping, *, also_same: bool = False) -> Entries:
    """`target: [labels]` as `label: target`.

    A label belongs to the first target that names it. Those that change nothing are left
    out, unless it counts which labels are named.
    """
    seen: set[str] = set()
    made_of: Entries = {}
    for target, value in targets:
        for label in value.items if isinstance(value, Sequence) else [value]:
            assert isinstance(label, Scalar)
            if label.text in seen:
                continue
            seen.add(label.text)
            is_same = label.text == target.text and isinstance(target.value, str)
            if also_same or not is_same:
                made_of |= entry(label, label.text, _of_key(target))
    return made_of


def without_same(given: Entries) -> Entries:
    """Rules without those that change nothing, where that is the same."""
    if any("*" in label for label in given):
        return given
    return {
        label: one
        for label, one in given.items()
        if not isinstance(one.value, Scalar) or one.value.text != label
    }


def _of_key(target: Scalar) -> Scalar:
    assert target.value is not None
    return replaced(target, target.value)


def _decision(what: str, attribute: Attribute, body: Mapping) -> Entries:
    name = "min_confidence" if what == "queue" else "min_priority_confidence"
    prefix = "" if what == "queue" else "priority_"
    threshold, low = attribute.threshold, attribute.low
    # Without a threshold, every label was followed.
    made_of = added(name, made(0, body, "0"), body)
    if threshold is not None:
        made_of = entry(threshold.key, name, threshold.value)
    if low is not None:
        value = literal(low.value) if isinstance(low.value, Scalar) else low.value
        made_of |= entry(low.key, f"low_confidence_{what}", value)
    if attribute.rules:
        made_of |= added(f"{what}_map", mapping(attribute.rules, body), body)
    labels = "labels_are_queues" if what == "queue" else "labels_are_priorities"
    if attribute.keeps_labels:
        made_of |= added(labels, made(True, body, "true"), body)
    if attribute.note is None:
        return made_of
    subject, text = attribute.note
    made_of |= added(f"{prefix}note_subject", subject, body)
    return made_of | added(f"{prefix}note_body", text, body)


def classifier(
    body: Mapping, queue: Attribute, priority: Attribute | None, found: Findings
) -> Entries:
    params: Entries = {}
    if priority is None:
        model = cast(Scalar, queue.model.value)
        params |= entry(queue.model.key, "model_name", literal(model))
    elif queue.model.value.plain() == priority.model.value.plain():
        _warn_of_one_model(queue.model, priority.model, found)
    token = queue.token
    if priority is not None and priority.token is not None:
        if token is None:
            token = priority.token
        elif token.value.plain() != priority.token.value.plain():
            _ask_for_token(token, priority.token, found)
    if token is not None:
        # Then, too, a missing token was no reason not to start.
        value = from_environment(cast(Scalar, token.value), ", default=none")
        params |= entry(token.key, "api_token", value)
    service = {
        **added("use", made("HuggingFaceClassifier", body), body),
        **(added("params", mapping(params, body), body) if params else {}),
    }
    return added("classifier", mapping(service, body), body)


def _check_labels(given: Entries, found: Findings) -> None:
    for one in given.values():
        if "*" in one.key.text:
            found.ask(
                Question(f"label.{one.key.text}"),
                f"label `{one.key.text}` has a `*`",
                one.key.span,
                "this form meant the character, today it means any text",
                "does it mean any text? then write it in today's form, "
                "as `queue_map` or `priority_map`; otherwise leave out this label",
            )


def _ask_for_token(one: Entry, other: Entry, found: Findings) -> None:
    names = [cast(Scalar, each.value).text for each in (one, other)]
    choices = (
        PossibleAnswer(names[0], "", instead(other.value.span, names[0]).makes),
        PossibleAnswer(names[1], "", instead(one.value.span, names[1]).makes),
    )
    found.ask(
        Question("token", choices, names[0]),
        "two models, each with a token of its own",
        other.value.span,
        "one classifier asks for both models, and has one token",
        f"which token may read both? write its variable at `{one.key.shown}` and "
        f"at `{other.key.shown}`",
        Label(one.value.span, "the other token"),
    )


def _warn_of_one_model(queue: Entry, priority: Entry, found: Findings) -> None:
    name = cast(Scalar, queue.value).text
    place = priority.value.span
    choices = (PossibleAnswer(name, "its labels are both"),)
    found.doubt(
        Question("priority-model", choices, name, place),
        f"`{name}` decides on queues and on priorities",
        place,
        "its labels are set as priorities, as the file says",
        f"write the model for priorities at `{priority.key.shown}`; or leave it "
        "if its labels are both",
        Label(queue.value.span, "the same model for queues"),
    )
