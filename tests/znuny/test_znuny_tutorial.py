"""The tutorials, followed to the letter on a real Znuny."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from otac.components import (
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    Ticket,
    TicketChanges,
    TicketSearch,
)
from walk import follow

pytestmark = pytest.mark.znuny
DOCS = Path(__file__).parents[2] / "docs"
RAW = Named(name="Raw")


@pytest.mark.parametrize("page", ["tutorial.md", "de/tutorial.md"])
def test_whoever_follows_it_sees_a_ticket_in_its_queue(
    page: str,
    znuny: Znuny,
    connect: Callable[..., OTOBOZnunyTicketSystem],
    tmp_path: Path,
) -> None:
    async def make() -> str:
        """The ticket of step 3, and no other in the queue."""
        desk = connect()
        for one in await desk.find_ids(TicketSearch(queue=RAW)):
            closed = TicketChanges(state=Named(name="closed successful"))
            await desk.update(one, closed)
        made = await desk.create(
            NewTicket(
                subject="Charged twice",
                body="My credit card was charged twice for invoice 1047. Please refund"
                " the second payment.",
                queue=RAW,
                customer=CUSTOMER,
            )
        )
        await desk.aclose()
        return made.id

    async def read(number: str) -> Ticket:
        desk = connect()
        found = await desk.get(number)
        await desk.aclose()
        return found

    number = asyncio.run(make())
    given = {"HELPDESK_USER": USER, "HELPDESK_PASSWORD": PASSWORD}
    follow(DOCS / page, tmp_path, HELPDESK_URL=znuny.url, **given)
    ticket = asyncio.run(read(number))
    assert ticket.queue.name == "Billing"
    assert any("Billing" in note.body for note in ticket.notes)
