"""The tutorials, followed to the letter on a helpdesk that a script plays.

`tests/znuny/test_znuny_tutorial.py` follows them on a real one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripted_helpdesk import (
    PASSWORD,
    Answer,
    ScriptedHelpdesk,
    article,
    error,
    say,
    ticket,
)
from walk import follow

DOCS = Path(__file__).parents[2] / "docs"
TEXT = "My credit card was charged twice for invoice 1047. Please refund the second payment."
_KNOWN = {
    "CustomerUser": ["otac@example.com"],
    "Queue": ["Raw", "Billing", "IT Support", "HR"],
    "State": ["new", "closed successful"],
    "Priority": ["1 very low", "2 low", "3 normal", "4 high", "5 very high"],
}


class Desk(ScriptedHelpdesk):
    """Has one ticket, which can be read, moved and written to."""

    def __init__(self) -> None:
        super().__init__()
        text = article(TEXT, SenderType="customer")
        self.ticket = ticket(1, text, Title="Charged twice", Queue="Raw")

    def next(self, operation: str, path: str, data: dict[str, Any]) -> Answer:
        assert path.startswith("/otobo/nph-genericinterface.pl/Webservice/otac/"), path
        fields = data.get("Ticket") or {}
        if data["Password"] != PASSWORD:
            return error("TicketSearch.AuthFail", "User could not be authenticated!")
        if operation == "search":
            queues = data.get("Queues", self.ticket["Queue"])
            fits = self.ticket["Queue"] in (
                queues if isinstance(queues, list) else [queues]
            )
            return say({"TicketID": ["1"]} if fits else {})
        if operation == "get":
            return say({"Ticket": [self.ticket]})
        if operation == "create":
            return _refused(fields)
        if data.get("TicketID") != "1":
            return error("TicketUpdate.AccessDenied", "User does not have access!")
        self.ticket |= fields
        if "Article" in data:
            self.ticket["Article"].append(data["Article"])
        return say({"TicketID": "1", "ArticleID": "8"})


def _refused(fields: dict[str, Any]) -> Answer:
    for key, names in _KNOWN.items():
        if key not in fields:
            return error("TicketCreate.MissingParameter", f"Ticket->{key} parameter")
        if fields[key] not in names:
            text = f"Ticket->{key}ID or Ticket->{key} parameter is invalid!"
            return error("TicketCreate.InvalidParameter", text)
    return error("TicketCreate.MissingParameter", "Article->SenderType parameter")


@pytest.fixture
def desk() -> Iterator[Desk]:
    server = Desk()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("page", ["tutorial.md", "de/tutorial.md"])
def test_whoever_follows_it_sees_a_ticket_in_its_queue(
    page: str, desk: Desk, tmp_path: Path
) -> None:
    said = follow(
        DOCS / page, tmp_path, HELPDESK_URL=desk.url, HELPDESK_PASSWORD=PASSWORD
    )
    assert desk.ticket["Queue"] == "Billing"
    assert "Billing" in desk.ticket["Article"][1]["Body"]
    assert "1 ticket would change; nothing was written" in said
    assert "1 ticket changed" in said


def test_the_ticket_of_the_tests_is_that_of_the_pages() -> None:
    assert TEXT in (DOCS / "tutorial.md").read_text(encoding="utf-8")
    assert TEXT in (DOCS / "de" / "tutorial.md").read_text(encoding="utf-8")
