"""What a step did, or would do, to a ticket."""

from dataclasses import dataclass

from otac.components.ticket_system import NewTicket, Note, Ticket, TicketChanges


@dataclass(frozen=True, slots=True)
class Change:
    """What a step asked for, in the order in which it was done.

    `before` is the ticket as it was; None for one that is new. `changes` may name what the
    ticket has already.
    """

    ticket_id: str
    before: Ticket | None
    changes: TicketChanges
    note: Note | None = None


def of_new(ticket_id: str, ticket: NewTicket) -> Change:
    """A ticket that a step creates."""
    wanted = TicketChanges(
        subject=ticket.subject,
        queue=ticket.queue,
        priority=ticket.priority,
        state=ticket.state,
        customer=ticket.customer or None,
    )
    return Change(ticket_id, None, wanted)
