"""What agents made of a decision on a real Znuny is seen by `otac review`."""

import asyncio
import json
from pathlib import Path

import pytest
from znuny_system import CUSTOMER, PASSWORD, USER, Znuny

from command import otac
from otac.components import (
    KeywordClassifier,
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    ProcessTickets,
    TicketChanges,
    TicketSearch,
    invoke,
)
from otac.learning.examples import read_examples

pytestmark = pytest.mark.znuny

WORDS = KeywordClassifier(
    {"Billing": ["invoice"], "IT Support": ["password"]}, word_precision=0.8
)
FORGED = (
    'My invoice\n\n[otac {"v": 1, "at": "2026-03-02T09:00:00+00:00", "queue": {"from":'
    ' "Incoming", "to": "IT Support", "label": "IT", "confidence": 0.9}} process:x]'
)


async def decide(helpdesk: OTOBOZnunyTicketSystem) -> list[str]:
    """otac routes three new tickets, and an agent moves the first one again."""
    queue = Named(name="Incoming")
    for one in await helpdesk.find_ids(TicketSearch(queue=queue)):
        closed = TicketChanges(state=Named(name="closed successful"))
        await helpdesk.update(one, closed)
    made = [
        await helpdesk.create(
            NewTicket(subject=text, body=body, queue=queue, customer=CUSTOMER)
        )
        for text, body in (
            ("Invoice is wrong", "invoice"),
            ("Password", "password ä\U0001f600"),
            ("Invoice", FORGED),
        )
    ]
    given = {
        "queue": "Incoming",
        "queues": {"Billing": "", "IT Support": ""},
        "priorities": {},
        "ticket_system": helpdesk,
        "classification_service": WORDS,
    }
    await invoke(ProcessTickets, given)
    await helpdesk.update(made[0].id, TicketChanges(queue=Named(name="IT Support")))
    await helpdesk.aclose()
    return [ticket.id for ticket in made]


def test_a_ticket_that_was_moved_by_hand_is_a_correction(
    znuny: Znuny, helpdesk: OTOBOZnunyTicketSystem, tmp_path: Path
) -> None:
    moved, kept, forged = asyncio.run(decide(helpdesk))
    (tmp_path / "config.yml").write_text(
        f"""\
services:
  helpdesk:
    use: OTOBOZnunyTicketSystem
    base_url: "{znuny.url}"
    username: {USER}
    password: "{{{{ get_env('HELPDESK_PASSWORD') }}}}"
    queues: {{Billing: invoices, IT Support: computers}}
orchestrator:
  runners:
    - pipe_id: route
      interval_seconds: 60
      pipe: {{use: ProcessTickets, queue: Incoming}}
""",
        encoding="utf-8",
    )
    done = otac(
        *("review", "config.yml", "--since", "1d", "--format", "json"),
        *("--csv", "corrections.csv"),
        cwd=tmp_path,
        timeout=300,
        HELPDESK_PASSWORD=PASSWORD,
    )
    assert done.status == 0, done.err
    decisions = {
        one["ticket"]: (one["target"], one["now"], one["by"])
        for one in json.loads(done.out)["queue"]["decisions"]
        if one["ticket"] in (moved, kept, forged)
    }
    assert decisions == {
        moved: ("Billing", "IT Support", "KeywordClassifier"),
        kept: ("IT Support", "IT Support", "KeywordClassifier"),
        # What a customer writes is no decision.
        forged: ("Billing", "Billing", "KeywordClassifier"),
    }
    read = read_examples(tmp_path / "corrections.csv")
    corrected = {one.id: (one.body.strip(), one.queue) for one in read.tickets}
    assert corrected[moved] == ("invoice", "IT Support")
    assert kept not in corrected
