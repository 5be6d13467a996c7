"""What a step did, or would do, to a ticket."""

from dataclasses import dataclass
from typing import Any

from otac.components.ticket_system import (
    Named,
    NewTicket,
    Note,
    Ticket,
    TicketChanges,
)

_ASPECTS = ("subject", "queue", "priority", "state", "customer")


@dataclass(frozen=True, slots=True)
class TicketChange:
    """What a step asked for, in the order in which it was done.

    `before` is the ticket as it was; None for one that is new. `changes` may name what the
    ticket has already.
    """

    ticket_id: str
    before: Ticket | None
    changes: TicketChanges
    note: Note | None = None


def of_new(ticket_id: str, ticket: NewTicket) -> TicketChange:
    """A ticket that a step creates."""
    wanted = TicketChanges(
        subject=ticket.subject,
        queue=ticket.queue,
        priority=ticket.priority,
        state=ticket.state,
        customer=ticket.customer or None,
    )
    return TicketChange(ticket_id, None, wanted)


def told(change: TicketChange) -> list[dict[str, Any]]:
    """One for each thing that became another; a note comes with the first.

    The keys are `ticket`, `subject`, `what`, `from`, `to` and `note`.
    """
    before = change.before
    made: list[dict[str, Any]] = []
    for what in _ASPECTS:
        new = getattr(change.changes, what)
        if new is None:
            continue
        old = None if before is None else getattr(before, what)
        if before is None or _name(old) != _name(new):
            made.append({"what": what, "from": _name(old), "to": _name(new)})
    if before is None:
        made.insert(0, {"what": "new ticket", "from": None, "to": None})
    note = None
    if change.note is not None:
        made = made or [{"what": "note", "from": None, "to": None}]
        note = {"subject": change.note.subject, "body": change.note.body}
    subject = change.changes.subject if before is None else before.subject
    ticket = {"ticket": change.ticket_id, "subject": subject}
    return [
        {**ticket, **one, "note": note if place == 0 else None}
        for place, one in enumerate(made)
    ]


def _name(value: Named | str | None) -> str | None:
    if isinstance(value, Named):
        return value.name if value.name is not None else value.id
    return value or None
