"""The steps that route a ticket one by one, where `ProcessTickets` says too little."""

from typing import NamedTuple, cast

from otac.diagnostics.question import PossibleAnswer, Question
from otac.dialects.findings import Findings
from otac.dialects.helpdesk_system import literal
from otac.dialects.nodes import Entries, added, entry, entry_after, made, mapping
from otac.dialects.step_values import GivenValue, LabelValue, plain
from otac.dialects.ticket_routing import Attribute, Routed, classifier, runner_of
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_FETCHED = "get_pipe_result('fetch', 'fetched_tickets')"
_TICKET_ID = "{{ get_pipe_result('ticket').id }}"


class Failing(NamedTuple):
    """What becomes of a ticket that could not be written: a value and a note instead."""

    value: Scalar | None
    note: tuple[Node, Node] | None


def routing_by_steps(
    body: Mapping,
    criteria: Mapping,
    text: str,
    decisions: tuple[Attribute, Attribute | None],
    failing: list[Failing],
    schedule: Entries,
    found: Findings,
    name: Scalar,
) -> Routed:
    """The runner of that name: fetch a ticket, decide, write, and say so."""
    steps: list[Node] = [
        _step(body, "fetch", "FetchTickets", {"ticket_search_criteria": criteria}),
        _step(
            body,
            "ticket",
            "Expression",
            {
                "expression": made(
                    f"{{{{ {_FETCHED} | first if {_FETCHED} else stop('no ticket') }}}}",
                    body,
                )
            },
        ),
    ]
    whats = ("queue", "priority")[: len(failing)]
    for what, decision, fails in zip(whats, decisions, failing, strict=False):
        assert decision is not None
        steps += _decided(body, what, decision, text, fails)
    pipe = mapping(added("steps", Sequence(steps, body.start, body.end), body), body)
    services = classifier(body, *decisions, found)
    return Routed(runner_of(body, name, pipe, schedule), services)


def _decided(
    body: Mapping, what: str, decision: Attribute, text: str, fails: Failing
) -> list[Node]:
    update, succeeded = f"{what}_update", f"{{{{ has_succeeded('{what}_update') }}}}"
    failed = f"{{{{ has_failed('{what}_update') }}}}"
    name = decision.model
    steps = [
        _step(
            body,
            f"{what}_model",
            "Classify",
            {"text": made(text, body)},
            entry(name.key, "model_name", literal(cast(Scalar, name.value))),
        ),
        _step(
            body, what, "Expression", {"expression": made(_value(what, decision), body)}
        ),
        _update(body, what, update, f"{{{{ get_pipe_result('{what}') }}}}"),
    ]
    if decision.note is not None:
        steps.append(_note(body, f"{what}_note", decision.note, succeeded, what))
    if fails.value is not None:
        elsewhere = _update(body, what, f"{what}_instead", fails.value, failed)
        steps.append(elsewhere)
    if fails.note is not None:
        steps.append(_note(body, f"{what}_failed_note", fails.note, failed, None))
    return steps


def _value(what: str, decision: Attribute) -> str:
    """What is written, as an expression."""
    result = f"get_pipe_result('{what}_model'"
    label = f"{result}, 'label')"
    rules = dict(decision.rules)
    rest = rules.pop("*", None)
    low = None if decision.low is None else repr(cast(Scalar, decision.low.value).text)
    said = label
    if rules or not decision.keeps_labels:
        other = label if decision.keeps_labels else str(low)
        if rest is not None:
            other = repr(cast(Scalar, rest.value).text)
        table = ", ".join(
            f"{key!r}: {cast(Scalar, one.value).text!r}" for key, one in rules.items()
        )
        said = f"{{{table}}}.get({label}, {other})"
    if decision.threshold is None or low is None:
        return f"{{{{ {said} }}}}"
    least = cast(Scalar, decision.threshold.value).text
    return f"{{{{ {said} if {result}, 'confidence') >= {least} else {low} }}}}"


def _update(
    body: Mapping, what: str, name: str, value: str | Scalar, when: str | None = None
) -> Node:
    written = made(value, body) if isinstance(value, str) else value
    named = mapping(added("name", written, body), body)
    more = added("on_error", made("continue", body), body) if when is None else {}
    return _step(
        body,
        name,
        "UpdateTicket",
        {
            "ticket_id": made(_TICKET_ID, body),
            "updated_ticket": mapping(added(what, named, body), body),
        },
        when=when,
        more=more,
    )


def _note(
    body: Mapping, name: str, note: tuple[Node, Node], when: str, key: str | None
) -> Node:
    subject, text = note
    inside = {**added("subject", subject, body), **added("body", text, body)}
    params: dict[str, Node] = {"ticket_id": made(_TICKET_ID, body)}
    if key is not None:
        # Once for a ticket, also if it stays in its queue.
        params["key"] = made(key, body)
    params["note"] = mapping(inside, body)
    return _step(body, name, "AddNote", params, when=when)


def _step(
    body: Mapping,
    name: str,
    use: str,
    params: dict[str, Node],
    also: Entries | None = None,
    *,
    when: str | None = None,
    more: Entries | None = None,
) -> Mapping:
    given: Entries = dict(also or {})
    for key, value in params.items():
        given |= added(key, value, body)
    found = {
        **added("id", made(name, body), body),
        **({} if when is None else added("if", made(when, body), body)),
        **added("use", made(use, body), body),
        **(more or {}),
        **added("params", mapping(given, body), body),
    }
    return mapping(found, body)


# What the labels of a model become, as maps from before 1.0 say it.
class Labels(NamedTuple):
    """Rules by their labels, and whether all other labels are names themselves."""

    rules: Entries
    keeps_others: bool


def labels_of(
    label: LabelValue, low: Entry | None, what: str, found: Findings
) -> Labels | None:
    """What they become; None where it is asked. `low` is the value for what is not sure."""
    if label.map is None:
        return Labels({}, keeps_others=True)
    table = label.map.value
    rules = dict(table.entries) if isinstance(table, Mapping) else {}
    if not rules or not all(isinstance(one.value, Scalar) for one in rules.values()):
        found.ask(
            Question(f"map.{label.map.key.text}"),
            f"`{label.map.key.shown}` is not a map of labels",
            label.map.key.span,
            f"labels become the names of a {what}",
            "write `label: name` for each",
        )
        return None
    rest = rules.pop("*", None)
    if rest is None and label.rest is None:
        _ask_for_rest(label.map, low, what, found)
        return None
    keeps = (
        isinstance(label.rest, LabelValue) if rest is None else _text_of(rest) == "*"
    )
    if keeps:
        needed = {k: one for k, one in rules.items() if _text_of(one) != k}
        return Labels(needed, keeps_others=True)
    if rest is None and label.rest is not None and plain(label.rest) is not None:
        rest = cast(GivenValue, label.rest).entry
    if rest is not None and (low is None or _text_of(rest) != _text_of(low)):
        rules["*"] = Entry(made("*", rest.value), rest.value)
    return Labels(rules, keeps_others=False)


def _ask_for_rest(table: Entry, low: Entry | None, what: str, found: Findings) -> None:
    inside = cast(Mapping, table.value)
    kept = (entry_after(inside, '"*": "*"'),)
    choices = [PossibleAnswer("keep", f"the label is the name of a {what}", kept)]
    if low is not None:
        name = _text_of(low)
        word = f'"*": "{name}"'
        choices.append(
            PossibleAnswer(name, "as if not sure", (entry_after(inside, word),))
        )
    found.ask(
        Question(f"other-labels.{table.key.text}", tuple(choices), "keep"),
        f"what becomes of a label that is not in `{table.key.shown}`?",
        table.key.span,
        "nothing says it",
        'write `"*": "*"` there to keep such labels as names, or `"*"` and a name',
    )


def _text_of(one: Entry) -> str:
    return cast(Scalar, one.value).text
