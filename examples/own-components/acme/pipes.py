"""Two components, one of each shape."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from acme.pager import Pager
from otac.components import Component, TicketSearch, TicketSystem


async def find_overdue(
    hours: float, *, ticket_system: TicketSystem, limit: int = 20
) -> dict[str, list[str]]:
    """A function: its parameters are the component's, services among them."""
    before = datetime.now(UTC) - timedelta(hours=hours)
    tickets = await ticket_system.find(TicketSearch(created_before=before, limit=limit))
    return {"ticket_ids": [ticket.id for ticket in tickets]}


class Remind(Component):
    """A class: parameters in `Params`, services as annotations."""

    class Params(BaseModel):
        ticket_id: str
        text: str

    pager: Pager

    async def run(self) -> dict[str, str]:
        await self.pager.page(self.params.text)
        return {"reminded": self.params.ticket_id}
