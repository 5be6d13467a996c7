"""Workers with a disk each on one queue, on a very bad day: each ticket once, and none lost."""

from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from claims_fleet import TICKETS, bad_day
from scripted_helpdesk import (
    AGENT,
    PASSWORD,
    Answer,
    ScriptedHelpdesk,
    article,
    say,
    slow,
    ticket,
)
from stores import Postgres


class _Desk(ScriptedHelpdesk):
    """Tickets that are moved and get notes, as a helpdesk has them."""

    agent = AGENT
    password = PASSWORD

    def __init__(self) -> None:
        super().__init__()
        self._guard = Lock()
        self.notes: dict[int, list[str]] = {n: [] for n in range(1, TICKETS + 1)}
        self._queues = dict.fromkeys(self.notes, "Incoming")

    def next(self, operation: str, path: str, data: dict[str, Any]) -> Answer:
        with self._guard:
            match operation:
                case "search":
                    found = [
                        n for n, queue in self._queues.items() if queue == "Incoming"
                    ]
                    return say({"TicketID": [str(n) for n in found]} if found else {})
                case "get":
                    numbers = [int(one) for one in data["TicketID"]]
                    return slow(
                        0.02, say({"Ticket": [self._shown(n) for n in numbers]})
                    )
                case "update":
                    number = int(data["TicketID"])
                    self.notes[number].append(data["Article"]["Body"])
                    self._queues[number] = data["Ticket"].get("Queue", "Incoming")
                    return slow(0.2, say({"TicketID": str(number), "ArticleID": "1"}))
                case _:
                    # A queue that is empty is looked for by the attempt to make a ticket.
                    return say(
                        {
                            "Error": {
                                "ErrorCode": "TicketCreate.MissingParameter",
                                "ErrorMessage": "Article",
                            }
                        }
                    )

    def left(self) -> int:
        with self._guard:
            return sum(queue == "Incoming" for queue in self._queues.values())

    def _shown(self, number: int) -> dict[str, Any]:
        articles = [article("My invoice is wrong.", SenderType="customer")]
        articles += [article(body) for body in self.notes[number]]
        return ticket(number, *articles, Queue=self._queues[number])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_workers_handle_two_hundred_tickets_once_each(
    postgres: Postgres, tmp_path: Path
) -> None:
    with _Desk() as desk:
        try:
            fleet = bad_day(desk, postgres, tmp_path)
        finally:
            desk.shutdown()
        notes = desk.notes
    # Neither lost, nor done twice.
    wrong = [number for number, bodies in notes.items() if len(bodies) != 1]
    assert wrong == [], fleet.said()
    assert all("process:Incoming]" in bodies[0] for bodies in notes.values())
