"""September 2025: `filter_by_queue` and a model, or one model each for queue and priority.

Read by the images of 15 to 24 September 2025, the first that worked. They put the subject
directly in front of the body, followed the label as it is, and always wrote a queue or a
priority: that of the model, or that for what it was not sure of.
"""

from collections.abc import Iterator
from typing import cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.diagnostic import Label
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, dropping, made, mapping
from otac.dialects.ticket_routing import Attribute, every, one_step, queue_of, rules
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_TEXT = "{{ ticket.subject }}{{ ticket.body }}"
MOVED = (
    "Ticket wurde von KI verschoben",
    (
        "Ticket wurde von KI in die Queue: {{ decision.queue }} verschoben! Konfidenz = "
        "{{ '%.2f' | format(decision.queue_confidence) }}."
    ),
)
_QUEUE_CHANGED = (
    "KI: Queue geändert",
    (
        "Ticket wurde per KI in die Queue „{{ decision.queue }}“ verschoben. Konfidenz: "
        "{{ '%.2f' | format(decision.queue_confidence) }}."
    ),
)
_PRIORITY_CHANGED = (
    "KI: Priorität geändert",
    (
        "Ticket wurde per KI auf die Priorität „{{ decision.priority }}“ gesetzt. "
        "Konfidenz: {{ '%.2f' | format(decision.priority_confidence) }}."
    ),
)
# The keys of groups, and what they are called where they stand without.
_GROUPS = {
    "ticket_filter": {"filters": "filters"},
    "queue_inference_model": {
        "hf_model_queue": "hf_model_queue",
        "hf_model_queue_token_env_var": "hf_model_queue_token_env_var",
    },
    "priority_inference_model": {
        "hf_model_priority": "hf_model_priority",
        "hf_model_priority_token_env_var": "hf_model_priority_token_env_var",
    },
    "queue_modifier": {
        "low_confidence_threshold": "queue_confidence_threshold",
        "low_confidence_value": "low_confidence_queue",
    },
    "priority_modifier": {
        "low_confidence_threshold": "priority_confidence_threshold",
        "low_confidence_value": "low_confidence_priority",
    },
}
_MAP = "ticket_system_value2model_values"
_SECONDS, _MILLISECONDS = "run_every_seconds", "run_every_milli_seconds"


def one_model(body: Mapping, found: Findings) -> Mapping:
    """The canonical body of a file with `hf_model`."""
    has = body.entries
    queue = Attribute(
        has["hf_model"],
        has.get("hf_token_env_var"),
        has["confidence_threshold"],
        has["low_confidence_queue"],
        note_of(MOVED, body),
        _rules(body, found),
    )
    return _routing(body, queue, None, found)


def two_models(body: Mapping, found: Findings) -> Mapping:
    """The canonical body of a file with `hf_model_queue` and `hf_model_priority`."""
    has = body.entries
    queue = Attribute(
        has["hf_model_queue"],
        has.get("hf_model_queue_token_env_var"),
        has["queue_confidence_threshold"],
        has["low_confidence_queue"],
        note_of(_QUEUE_CHANGED, body),
        _rules(body, found),
    )
    priority = Attribute(
        has["hf_model_priority"],
        has.get("hf_model_priority_token_env_var"),
        has["priority_confidence_threshold"],
        has["low_confidence_priority"],
        note_of(_PRIORITY_CHANGED, body),
    )
    return _routing(body, queue, priority, found)


def grouped_models(body: Mapping, found: Findings) -> Mapping | None:
    """The canonical body of a file with `queue_inference_model` and its like."""
    flat = {k: one for k, one in body.entries.items() if k not in _GROUPS}
    for group, names in _GROUPS.items():
        inside = cast(Mapping, body.get(group))
        for then, now in names.items():
            if then in inside.entries:
                flat |= {now: inside.entries[then]}
    filters = flat.pop("filters")
    queue = queue_of(filters, found)
    if queue is None:
        return None
    return two_models(mapping({**flat, "filter_by_queue": queue}, body), found)


def _routing(
    body: Mapping, queue: Attribute, priority: Attribute | None, found: Findings
) -> Mapping:
    source = body.entries["filter_by_queue"]
    _check_fetcher(body, source, found)
    schedule = _schedule(body, found)
    return one_step(body, source, _TEXT, (queue, priority), schedule, found)


def note_of(words: tuple[str, str], at: Node) -> tuple[Node, Node]:
    """Its subject and text, which no file says."""
    subject, text = words
    return made(subject, at), made(text, at)


def _rules(body: Mapping, found: Findings) -> Entries:
    """What the model's labels become; nothing where they stay as they are."""
    one = body.entries.get(_MAP)
    if one is None:
        return {}
    given = rules(cast(Mapping, one.value))
    if given:
        choices = (
            PossibleAnswer("follow", "labels become what it says"),
            dropping(one, "remove", "labels stay as the model says them"),
        )
        found.doubt(
            Question("label-map", choices, "follow"),
            f"no release acted on `{_MAP}`",
            one.key.span,
            "it is followed here, as it was meant",
            "remove it to keep the labels of the model as they are",
        )
    return given


def _schedule(body: Mapping, found: Findings) -> Entries:
    seconds, milliseconds = body.entries.get(_SECONDS), body.entries.get(_MILLISECONDS)
    if seconds is not None and milliseconds is not None:
        choices = (
            dropping(milliseconds, _SECONDS),
            dropping(seconds, _MILLISECONDS),
        )
        found.ask(
            Question("schedule", choices, _SECONDS),
            "two keys say how often the tickets are looked for",
            milliseconds.key.span,
            "this is one of them",
            f"which of them counts? remove `{_SECONDS}` or `{_MILLISECONDS}`",
            Label(seconds.key.span, "and this is the other"),
        )
    if seconds is not None:
        return every(seconds, _number(seconds) * 1000, found)
    if milliseconds is not None:
        return every(milliseconds, _number(milliseconds), found)
    found.report(missing_keys(body, [_SECONDS], "the configuration"))
    return {}


def _number(one: Entry) -> float:
    return float(cast(float, cast(Scalar, one.value).value))


def _check_fetcher(body: Mapping, queue: Entry, found: Findings) -> None:
    """No release read `ticket_fetcher`; that matters if it names another queue."""
    fetcher = body.entries.get("ticket_fetcher")
    if fetcher is None:
        return
    name = cast(Scalar, queue.value).text
    for other in _values(fetcher.value):
        if other.text != name:
            read = dropping(fetcher, name, "this one was read")
            meant = instead(queue.value.span, other.text)
            choices = read, meant._replace(makes=(*meant.makes, *read.makes))
            found.ask(
                Question("queue", choices, name),
                f"two queues to take tickets from: `{name}` and `{other.text}`",
                other.span,
                f"no release read `{fetcher.key.shown}`, which says this one",
                f"which of them is meant? write it as `{queue.key.shown}` and "
                f"remove `{fetcher.key.shown}`",
                Label(queue.value.span, "this one was read"),
            )


def _values(node: Node) -> Iterator[Scalar]:
    """What stands behind `value`, anywhere inside."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _values(item)
    elif isinstance(node, Mapping):
        for key, value in node:
            if key.text == "value" and isinstance(value, Scalar):
                yield value
            else:
                yield from _values(value)
