"""`UpdateTicket`: changes a ticket."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
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
        return self.Result(ticket_id=self.params.ticket_id)
