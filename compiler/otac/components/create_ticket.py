"""`CreateTicket`: opens a ticket."""

from typing import Annotated

from pydantic import BaseModel, Field

from otac.components.component import Component, Parameters
from otac.components.handled import report
from otac.components.ticket_system import NewTicket, TicketSystem


class CreateTicket(Component):
    """Opens a ticket."""

    class Params(Parameters):
        new_ticket: Annotated[NewTicket, Field(description="The ticket to open")]

    class Result(BaseModel):
        created_ticket_id: Annotated[str, Field(description="Id of the new ticket")]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """Each try that reaches the ticket system opens a ticket."""
        ticket = await self.ticket_system.create(self.params.new_ticket)
        report(ticket.id, done="created")
        return self.Result(created_ticket_id=ticket.id)
