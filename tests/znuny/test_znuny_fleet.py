"""Workers with a disk each on a queue of a real Znuny: each ticket once, and none lost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from claims_fleet import TICKETS, bad_day
from otac.components import (
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    TicketChanges,
    TicketSearch,
)
from stores import Postgres

# Slow: `make test-fleet` has the PostgreSQL for it.
pytestmark = [pytest.mark.znuny, pytest.mark.slow, pytest.mark.timeout(1800)]

_INCOMING = TicketSearch(queue=Named(name="Incoming"), limit=1_000)


@dataclass(frozen=True, slots=True)
class _Desk:
    url: str
    connect: Callable[..., OTOBOZnunyTicketSystem]
    agent: str = USER
    password: str = PASSWORD

    def left(self) -> int:
        return len(asyncio.run(_found(self.connect())))


async def _found(helpdesk: OTOBOZnunyTicketSystem) -> list[str]:
    try:
        return await helpdesk.find_ids(_INCOMING)
    finally:
        await helpdesk.aclose()


async def _filled(helpdesk: OTOBOZnunyTicketSystem) -> list[str]:
    """So many new tickets, and no others, in `Incoming`."""
    for one in await helpdesk.find_ids(_INCOMING):
        closed = TicketChanges(state=Named(name="closed successful"))
        await helpdesk.update(one, closed)
    new = NewTicket(
        subject="My invoice is wrong.",
        body="It is the invoice of last week.",
        queue=Named(name="Incoming"),
        customer=CUSTOMER,
    )
    made = [(await helpdesk.create(new)).id for _ in range(TICKETS)]
    await helpdesk.aclose()
    return made


def test_four_workers_and_a_real_helpdesk(
    znuny: Znuny,
    connect: Callable[..., OTOBOZnunyTicketSystem],
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    made = asyncio.run(_filled(connect()))
    folder = tmp_path / "fleet"
    folder.mkdir()
    fleet = bad_day(_Desk(znuny.url, connect), postgres, folder)
    tickets = asyncio.run(connect().get_many(made))
    assert [ticket.id for ticket in tickets] == made
    assert {ticket.queue.name for ticket in tickets} == {"Billing"}, fleet.said()
    # Neither lost, nor done twice.
    wrong = [ticket.id for ticket in tickets if len(ticket.notes) != 1]
    assert wrong == [], fleet.said()
