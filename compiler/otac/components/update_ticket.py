"""`UpdateTicket`: changes a ticket."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
from otac.components.handled import report
from otac.components.ticket_system import Identifier, TicketChanges, TicketSystem


class UpdateTicket(Component):
    """Changes a ticket's queue, priority, state, subject or customer."""

    class Params(Parameters):
        ticket_id: Annotated[Identifier, Field(description="Id of the ticket")]
        updated_ticket: Annotated[
            TicketChanges, Field(description="What to change; the rest stays as it is")
        ]

    class Result(BaseModel):
        ticket_id: Annotated[str, Field(description="Id of the ticket")]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """Setting the same values again changes nothing, so it may be retried."""
        await self.ticket_system.update(
            self.params.ticket_id, self.params.updated_ticket
        )
        report(self.params.ticket_id, done=_words(self.params.updated_ticket))
        return self.Result(ticket_id=self.params.ticket_id)


def _words(changes: TicketChanges) -> str:
    """What has changed; of texts only that they have."""
    words = [
        f"{name} {value.name or value.id}"
        for name, value in (
            ("queue", changes.queue),
            ("priority", changes.priority),
            ("state", changes.state),
        )
        if value is not None
    ]
    words += [
        name
        for name, value in (
            ("subject", changes.subject),
            ("customer", changes.customer),
        )
        if value is not None
    ]
    return ", ".join(words) or "nothing changed"
