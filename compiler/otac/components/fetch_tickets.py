"""`FetchTickets`: reads tickets."""

from typing import Annotated

from pydantic import BaseModel, Field, SerializeAsAny

from otac.components.component import Component, Parameters
from otac.components.ticket_system import Ticket, TicketSearch, TicketSystem


class FetchTickets(Component):
    """Reads the tickets that match, oldest first."""

    class Params(Parameters):
        ticket_search_criteria: Annotated[
            TicketSearch, Field(description="Which tickets to read")
        ]

    class Result(BaseModel):
        fetched_tickets: Annotated[
            list[SerializeAsAny[Ticket]], Field(description="The tickets, oldest first")
        ]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """Finding nothing is no error: the list is empty."""
        return self.Result(
            fetched_tickets=await self.ticket_system.find(
                self.params.ticket_search_criteria
            )
        )
