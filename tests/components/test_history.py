"""Tickets of the past, as they came."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

from otac.components import (
    Fail,
    HistorySearch,
    HistoryTicketSystem,
    Named,
    Note,
    OTOBOZnunyTicketSystem,
    SqliteTicketSystem,
    TicketChanges,
    construct,
)
from otac.components.otobo_znuny.search import history_data
from scripted_helpdesk import AGENT, PASSWORD, ScriptedHelpdesk, say, ticket

T = TypeVar("T")
CLOSED = Named(name="closed successful")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def test_the_store_has_tickets_of_any_state_newest_first(
    helpdesk: SqliteTicketSystem,
) -> None:
    assert isinstance(helpdesk, HistoryTicketSystem)
    run(helpdesk.update("1", TicketChanges(state=CLOSED)))
    assert run(helpdesk.history_ids(HistorySearch())) == ["3", "2", "1", "4"]
    assert run(helpdesk.history_ids(HistorySearch(newest=2))) == ["3", "2"]
    assert run(helpdesk.history_ids(HistorySearch(only="closed"))) == ["1"]
    assert run(helpdesk.history_ids(HistorySearch(only="open"))) == ["3", "2", "4"]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert run(helpdesk.history_ids(HistorySearch(since=yesterday))) == ["3", "2", "1"]
    queues = (Named(name="IT"), Named(name="Billing"))
    assert run(helpdesk.history_ids(HistorySearch(queues=queues))) == ["4"]
    with pytest.raises(Fail, match="did you mean `Billing`"):
        run(helpdesk.history_ids(HistorySearch(queues=(Named(name="Biling"),))))


def test_the_store_knows_the_subject_a_ticket_came_with(
    helpdesk: SqliteTicketSystem,
) -> None:
    changes = TicketChanges(
        subject="Invoice of October", queue=Named(name="Billing"), state=CLOSED
    )
    run(helpdesk.update("1", changes, Note(body="Routed."), key="process:inbox"))
    run(helpdesk.update("1", TicketChanges(subject="Invoice 7")))
    one, two = run(helpdesk.history(["1", "99", "2"]))
    assert (one.id, one.subject, one.queue.name) == ("1", "Invoice", "Billing")
    assert one.applied == {"process:inbox"}
    assert [note.body for note in one.notes] == ["Routed."]
    assert (two.id, two.subject) == ("2", "Password")
    assert run(helpdesk.get("1")).subject == "Invoice 7"


def test_an_empty_store_has_no_past(
    store: Callable[..., SqliteTicketSystem],
) -> None:
    empty = store("queues: {}\ntickets: []\n")
    search = HistorySearch(queues=(Named(name="IT"),))
    assert run(empty.history_ids(search)) == []


def test_a_helpdesk_is_asked_read_only_for_tickets_as_they_came(tmp_path: Path) -> None:
    with ScriptedHelpdesk() as server:
        server.on("search", say({"TicketID": ["10", "9"]}))
        changed = {**ticket(10), "Title": "Retitled by an agent"}
        changed["Article"][0] |= {"Subject": "As it came", "Body": "The text"}
        server.on("get", say({"Ticket": [changed]}))
        given = {
            "base_url": server.url,
            "username": AGENT,
            "password": PASSWORD,
            "claims_path": None,
        }
        helpdesk = construct(OTOBOZnunyTicketSystem, given)
        assert isinstance(helpdesk, HistoryTicketSystem)

        async def work() -> None:
            since = datetime.now(UTC) - timedelta(minutes=90, seconds=1)
            search = HistorySearch(
                queues=(Named(name="IT"), Named(name="HR")),
                since=since,
                newest=5,
                only="closed",
            )
            assert await helpdesk.history_ids(search) == ["10", "9"]
            (found,) = await helpdesk.history(["10"])
            assert (found.subject, found.body) == ("As it came", "The text")
            await helpdesk.aclose()

        run(work())
        login = {"UserLogin": AGENT, "Password": PASSWORD}
        assert server.asked == [
            (
                "search",
                {
                    **login,
                    "SortBy": ["Age", "TicketNumber"],
                    "OrderBy": ["Down", "Down"],
                    "Limit": 5,
                    "Queues": ["IT", "HR"],
                    "StateType": ["closed"],
                    "TicketCreateTimeNewerMinutes": 91,
                },
            ),
            ("get", {**login, "TicketID": ["10"], "AllArticles": 1}),
        ]
        server.shutdown()


@pytest.mark.parametrize(
    ("only", "asked"),
    [
        (None, None),
        ("closed", ["closed"]),
        ("open", ["new", "open", "pending reminder", "pending auto"]),
    ],
)
def test_the_kind_of_a_state_is_asked_and_not_its_name(
    only: Literal["open", "closed"] | None, asked: list[str] | None
) -> None:
    data = history_data(HistorySearch(only=only), datetime.now(UTC))
    assert data.get("StateType") == asked
