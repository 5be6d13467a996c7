"""What `ProcessTickets` decides about a ticket, and how it says why."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel

from otac.components.classifier import Classification
from otac.components.decision_record import Choice, DecisionRecord
from otac.components.ticket_system import DecidedNote, Note, Ticket

_RUNNERS_UP = 3


class Routing(BaseModel):
    """The decision about one ticket; None leaves the queue or the priority as it is."""

    ticket_id: str
    queue: str | None
    queue_confidence: float | None
    priority: str | None
    priority_confidence: float | None


def decide(
    ticket: Ticket,
    queue: Classification,
    priority: Classification | None,
    least: float,
    least_for_priority: float,
    order: Sequence[str],
) -> Routing:
    """Follows the classifier where it is sure enough. `order` is of priorities."""
    new_priority = None
    if priority is not None and priority.reaches(least_for_priority):
        new_priority = priority.label
    if new_priority is not None and _undoes(new_priority, ticket.priority.name, order):
        new_priority = None
    return Routing(
        ticket_id=ticket.id,
        queue=queue.label if queue.reaches(least) else None,
        queue_confidence=queue.confidence,
        priority=new_priority,
        priority_confidence=None if priority is None else priority.confidence,
    )


def _undoes(new: str, old: str | None, order: Sequence[str]) -> bool:
    """Whether this would lower what somebody, or `CheckEscalations`, has raised."""
    if old not in order or new not in order:
        return False
    raised = order.index(old) > len(order) // 2
    return raised and order.index(new) < order.index(old)


def record(
    ticket: Ticket,
    routing: Routing,
    target: str | None,
    queue: Classification,
    priority: Classification | None,
    by: tuple[str, str],
) -> DecisionRecord:
    """The same for programs. `by` is what decided on the queue and on the priority."""
    return DecisionRecord(
        at=datetime.now(UTC),
        queue=Choice(
            before=ticket.queue.name,
            after=target,
            label=queue.label,
            confidence=queue.confidence,
            by=by[0],
        ),
        priority=None
        if priority is None
        else Choice(
            before=ticket.priority.name,
            after=routing.priority,
            label=priority.label,
            confidence=priority.confidence,
            by=by[1],
        ),
    )


def explain(
    routing: Routing,
    target: str | None,
    queue: Classification,
    priority: Classification | None,
    decision: DecisionRecord,
) -> Note:
    """An internal note. `target` is where the ticket goes, None if it stays."""
    lines = [_line("queue", routing.queue, queue, "undecided")]
    if priority is not None:
        lines.append(_line("priority", routing.priority, priority, "unchanged"))
    lines.append(_source(decision))
    subject = "Not routed" if target is None else f"Routed to {target}"
    return DecidedNote(subject=subject, body="\n".join(lines), decision=decision)


def _source(decision: DecisionRecord) -> str:
    """Where the certainty comes from."""
    made = (decision.queue, decision.priority)
    by = dict.fromkeys(choice.by for choice in made if choice and choice.by)
    return f"decided by {' and '.join(by)}"


def _line(what: str, decided: str | None, made: Classification, otherwise: str) -> str:
    ranked = [f"{label} {score:.2f}" for label, score in made.scores.items()]
    if decided is None:
        guesses = ", ".join(ranked[:_RUNNERS_UP]) or "nothing fits"
        reason = "" if made.reason is None else f": {made.reason}"
        return f"{what}: {otherwise} ({guesses}){reason}"
    others = ", ".join(ranked[1:_RUNNERS_UP])
    runners_up = f" (then {others})" if others else ""
    return f"{what}: {decided}, confidence {shown(made.confidence)}{runners_up}"


def shown(confidence: float | None) -> str:
    return "unknown" if confidence is None else f"{confidence:.2f}"
