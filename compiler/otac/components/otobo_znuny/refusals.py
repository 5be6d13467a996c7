"""What the Generic Interface does not like about a request, in words for its user."""

import re

from otac.components.otobo_znuny.faults import ServiceError
from otac.components.otobo_znuny.queue_names import unknown_queue
from otac.components.outcome import Fail
from otac.components.refusal import printable
from otac.components.ticket_system import Named, NewTicket, TicketChanges

# "Ticket->QueueID or Ticket->Queue parameter is invalid"
_PARAMETER = re.compile(r"(Ticket|Article)->(\w+?)(?:ID)? .*(?:is|are) (\w+)$")


def refused(
    error: ServiceError, user: str, changes: TicketChanges | NewTicket | None = None
) -> Fail:
    """`changes` are what the request asked for, to name what is unknown."""
    found = _PARAMETER.search(str(error))
    if error.code == "InvalidParameter" and found and changes is not None:
        match found[1], found[2]:
            case "Ticket", "Queue" if changes.queue is not None:
                return Fail(unknown_queue(changes.queue))
            case "Ticket", "Priority" if changes.priority is not None:
                return Fail(_unknown("priority", changes.priority))
            case "Ticket", "State" if changes.state is not None:
                return Fail(_unknown("state", changes.state))
            case "Ticket", "CustomerUser":
                return Fail(
                    "the helpdesk does not accept the customer: it needs to be a valid"
                    " customer user or an e-mail address"
                )
    if error.code == "AccessDenied":
        return Fail(
            f"the agent `{user}` may not do this: {error}; its group"
            " needs `rw` on the queue, and on the one that a ticket is moved to"
        )
    return Fail(f"the helpdesk refuses: {error}")


def no_ticket(ticket_id: str, user: str) -> Fail:
    """The Generic Interface does not tell these two apart."""
    return Fail(
        f"there is no ticket `{printable(ticket_id)}`, or the agent `{user}` may not"
        " see it"
    )


def _unknown(kind: str, named: Named) -> str:
    which = f"`{named.name}`" if named.id is None else f"with the id `{named.id}`"
    return f"the helpdesk has no {kind} {which}: check its name, and that it is valid"
