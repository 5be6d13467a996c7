"""The queue of a Znuny that is measured, and how one works through it by hand.

`python -m benchmarks.znuny_queue COUNT` prints the seconds for so many tickets.
"""

import asyncio
import json
import os
import sys
import time
from typing import Any

import httpx

from otac.components import (
    EmbeddingClassifier,
    Named,
    NewTicket,
    OTOBOZnunyTicketSystem,
    TicketChanges,
    TicketSearch,
)

_INCOMING = Named(name="Incoming")
_TEXTS = (
    ("Charged twice for October", "My credit card was charged twice for invoice 1047."),
    ("VPN drops", "Since yesterday the VPN drops. I cannot work from home like this."),
    (
        "Sick until Friday",
        "I have the flu and will stay at home. The sick note is here.",
    ),
    ("Wrong VAT number", "The last invoice shows the VAT number of our old company."),
    ("Nobody can log in", "The whole team gets `password expired`. It is urgent!"),
    ("Vacation days left", "How many days of vacation do I have left this year?"),
)
_LABELS = {
    "Billing": "invoices, payments, refunds, charges, reminders and bank details",
    "IT Support": "computers, passwords, network, VPN, email, printers and software",
    "HR": "vacation, sick leave, salary, payslips, contracts and training",
}
_PRIORITIES = {
    "3 normal": "a question, a request, please send me, I would like, how do I",
    "4 high": "urgent, I cannot work, broken, blocked, deadline",
}


class ZnunyQueue:
    """`Incoming`, emptied and filled again."""

    def __init__(self) -> None:
        self._system = OTOBOZnunyTicketSystem(
            os.environ["ZNUNY_URL"],
            os.environ["ZNUNY_PASSWORD"],
            os.environ["ZNUNY_USER"],
            claims_path=None,
        )
        self._made: list[str] = []

    async def fill(self, count: int) -> None:
        """Closes what is in the queue, and makes so many new tickets."""
        closed = TicketChanges(state=Named(name="closed successful"))
        for one in await self._system.find_ids(TicketSearch(queue=_INCOMING)):
            await self._system.update(one, closed)
        tickets = [_TEXTS[number % len(_TEXTS)] for number in range(count)]
        made = [
            NewTicket(subject=subject, body=body, queue=_INCOMING, customer="c1")
            for subject, body in tickets
        ]
        self._made = [
            one.id for one in await asyncio.gather(*map(self._system.create, made))
        ]

    async def handled(self) -> int:
        """How many of them have a note that says what was done."""
        tickets = await self._system.get_many(self._made)
        await self._system.aclose()
        return sum(bool(ticket.notes) for ticket in tickets)


async def by_hand(count: int) -> None:
    """One ticket after the other, in six requests each."""
    classifier = EmbeddingClassifier()
    base = f"{os.environ['ZNUNY_URL']}/Webservice/OpenTicketAI"
    login = {
        "UserLogin": os.environ["ZNUNY_USER"],
        "Password": os.environ["ZNUNY_PASSWORD"],
    }
    async with httpx.AsyncClient(timeout=60) as client:

        async def ask(operation: str, **data: Any) -> Any:
            answer = await client.post(f"{base}/{operation}", json={**login, **data})
            return answer.raise_for_status().json()

        for _ in range(count):
            search = await ask("ticket-search", Queues=["Incoming"], Limit=1)
            (number,) = search["TicketID"]
            answer = await ask("ticket-get", TicketID=number, AllArticles=1)
            (ticket,) = answer["Ticket"]
            text = f"{ticket['Title']} {ticket['Article'][0]['Body']}"
            for field, labels in (("Queue", _LABELS), ("Priority", _PRIORITIES)):
                made = await classifier.classify(text, labels=labels)
                label = made.label or next(iter(labels))
                changes = {field: label, "State": "open"}
                await ask("ticket-update", TicketID=number, Ticket=changes)
                note = {
                    "CommunicationChannel": "Internal",
                    "ContentType": "text/plain; charset=utf8",
                    "Subject": field,
                    "Body": label,
                    "SenderType": "agent",
                    "IsVisibleForCustomer": 0,
                }
                await ask("ticket-update", TicketID=number, Article=note)


async def _measure(count: int) -> None:
    queue = ZnunyQueue()
    await queue.fill(count)
    start = time.perf_counter()
    await by_hand(count)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, count, await queue.handled()]))


if __name__ == "__main__":
    asyncio.run(_measure(int(sys.argv[1])))
