"""`FetchTickets`: reads tickets."""

from typing import Annotated

from pydantic import BaseModel, Field, SerializeAsAny

from otac.components.component import Component, Parameters
from otac.components.setbacks import RemembersSetbacks, tracker
from otac.components.ticket_system import Ticket, TicketSearch, TicketSystem


class FetchTickets(Component):
    """Reads the tickets that match, oldest first.

    One for which several runs in a row failed is left out for a while, so that it does
    not hold up those behind it.
    """

    class Params(Parameters):
        ticket_search_criteria: Annotated[
            TicketSearch, Field(description="Which tickets to read")
        ]
        set_aside_after: Annotated[
            int,
            Field(
                ge=0,
                description="After so many failed runs in a row, a ticket is left out"
                " for an hour, then for two, up to a day; 0 never leaves one out",
            ),
        ] = 3

    class Result(BaseModel):
        fetched_tickets: Annotated[
            list[SerializeAsAny[Ticket]], Field(description="The tickets, oldest first")
        ]

    params: Params
    ticket_system: TicketSystem

    async def run(self) -> Result:
        """Finding nothing is no error: the list is empty."""
        system, search = self.ticket_system, self.params.ticket_search_criteria
        around = tracker.get()
        after = self.params.set_aside_after
        if around is None or not after or not isinstance(system, RemembersSetbacks):
            return self.Result(fetched_tickets=await system.find(search))
        known = await system.setbacks(around.purpose)
        aside = {one for one, setback in known.items() if setback.seconds > 0}
        # They may be the first ones of all.
        more = search.model_copy(update={"limit": search.limit + len(aside)})
        found = [one for one in await system.find(more) if one.id not in aside]
        tickets = found[: search.limit]
        around.fetched(system, [one.id for one in tickets], known, after)
        return self.Result(fetched_tickets=tickets)
