"""The steps that route a ticket one by one, where `ProcessTickets` says too little."""

from typing import NamedTuple, cast

from otac.dialects.findings import Findings
from otac.dialects.helpdesk_system import literal
from otac.dialects.nodes import Entries, added, entry, made, mapping
from otac.dialects.ticket_routing import Attribute, Routed, classifier, runner_of
from otac.source.document import Mapping, Node, Scalar, Sequence

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
