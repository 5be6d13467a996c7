"""`OTOBOZnunyTicketSystem` on a real Znuny."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from znuny_system import CUSTOMER, USER, Znuny

from otac.components import (
    AddNote,
    CreateTicket,
    Fail,
    FetchTickets,
    Named,
    NewTicket,
    Note,
    OTOBOZnunyTicketSystem,
    TicketChanges,
    TicketSearch,
    Unavailable,
    UpdateTicket,
    invoke,
)

pytestmark = pytest.mark.znuny

T = TypeVar("T")
Connect = Callable[..., OTOBOZnunyTicketSystem]
CLOSED = Named(name="closed successful")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def new(queue: str = "HR", **fields: Any) -> NewTicket:
    given = {"subject": "Grüße", "body": "Zwei\nZeilen ✓", "customer": CUSTOMER}
    return NewTicket(queue=Named(name=queue), **{**given, **fields})


@pytest.fixture
def ticket(helpdesk: OTOBOZnunyTicketSystem) -> str:
    """The id of a new ticket in `HR`."""
    return run(helpdesk.create(new())).id


def test_a_ticket_as_it_was_made(helpdesk: OTOBOZnunyTicketSystem) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    made = run(helpdesk.create(new(customer="eva@example.com")))
    assert run(helpdesk.get(made.id)) == made
    assert (made.subject, made.body) == ("Grüße", "Zwei\nZeilen ✓")
    assert made.queue.name == "HR"
    assert (made.priority.name, made.state.name) == ("3 normal", "new")
    assert made.customer == "eva@example.com"
    assert before <= made.created <= datetime.now(UTC) + timedelta(seconds=5)
    assert made.notes == ()


def test_all_changes_and_a_note_at_once(
    helpdesk: OTOBOZnunyTicketSystem, ticket: str
) -> None:
    changes = TicketChanges(
        subject="Neu",
        queue=Named(name="Billing"),
        priority=Named(name="4 high"),
        state=Named(name="open"),
        customer="tom@example.com",
    )
    assert run(helpdesk.update(ticket, changes, Note(subject="Warum", body="Darum ä")))
    changed = run(helpdesk.get(ticket))
    assert changed.subject == "Neu"
    assert changed.queue.name == "Billing"
    assert changed.priority == Named(id="4", name="4 high")
    assert changed.state.name == "open"
    assert changed.customer == "tom@example.com"
    assert changed.notes == (Note(subject="Warum", body="Darum ä", internal=True),)
    # Ids do as well as names.
    run(helpdesk.update(ticket, TicketChanges(priority=Named(id="2"))))
    assert run(helpdesk.get(ticket)).priority.name == "2 low"


def test_notes_are_internal_unless_told(
    helpdesk: OTOBOZnunyTicketSystem, ticket: str
) -> None:
    run(helpdesk.update(ticket, TicketChanges(), Note(body="for us")))
    visible = Note(subject="Hello", body="for you", internal=False)
    run(helpdesk.update(ticket, TicketChanges(), visible))
    notes = run(helpdesk.get(ticket)).notes
    assert [(note.body, note.internal) for note in notes] == [
        ("for us", True),
        ("for you", False),
    ]


def test_a_key_counts_once_on_all_machines(
    helpdesk: OTOBOZnunyTicketSystem, connect: Connect, ticket: str
) -> None:
    high = TicketChanges(priority=Named(name="4 high"))
    low = TicketChanges(priority=Named(name="2 low"))
    assert run(helpdesk.update(ticket, high, Note(body="a"), key="k"))
    assert not run(connect("b").update(ticket, low, Note(body="b"), key="k"))
    assert run(helpdesk.update(ticket, low, Note(body="c"), key="[other] key"))
    read = run(helpdesk.get(ticket))
    assert read.priority.name == "2 low"
    assert [note.body for note in read.notes] == ["a", "c"]
    assert read.applied == {"k", "[other] key"}


def test_searches(helpdesk: OTOBOZnunyTicketSystem) -> None:
    async def all_of_it() -> None:
        queue = Named(name="IT Support")
        for one in await helpdesk.find_ids(TicketSearch(queue=queue)):
            await helpdesk.update(one, TicketChanges(state=CLOSED))
        made = [(await helpdesk.create(new("IT Support"))).id for _ in range(4)]
        assert await helpdesk.find_ids(TicketSearch(queue=queue)) == made

        async def found(**search: Any) -> list[str]:
            tickets = await helpdesk.find(TicketSearch(queue=queue, **search))
            return [ticket.id for ticket in tickets]

        assert await found() == made
        assert await found(limit=2) == made[:2]
        assert await found(limit=2, offset=1) == made[1:3]
        await helpdesk.update(made[0], TicketChanges(state=CLOSED))
        assert await found() == made[1:]
        closed = TicketSearch(queue=queue, state=CLOSED)
        assert (await helpdesk.find_ids(closed))[-1] == made[0]
        now = datetime.now(UTC)
        assert await found(created_before=now + timedelta(minutes=1)) == made[1:]
        assert await found(created_before=now - timedelta(minutes=10)) == []
        by_id = TicketSearch(queue=(await helpdesk.get(made[1])).queue)
        assert await helpdesk.find_ids(by_id) == made[1:]
        # One that is gone does not take the others with it.
        many = await helpdesk.get_many([made[1], "99999999", made[2]])
        assert [ticket.id for ticket in many] == made[1:3]
        await helpdesk.aclose()

    run(all_of_it())


def test_pipes(helpdesk: OTOBOZnunyTicketSystem) -> None:
    def call(component: Any, **arguments: object) -> dict[str, Any]:
        return run(invoke(component, {"ticket_system": helpdesk, **arguments}))

    title = uuid.uuid4().hex
    ticket = {"subject": title, "queue": {"name": "HR"}, "customer": CUSTOMER}
    number = call(CreateTicket, new_ticket=ticket)["created_ticket_id"]
    call(UpdateTicket, ticket_id=number, updated_ticket={"queue": {"name": "Billing"}})
    assert call(AddNote, ticket_id=number, note="seen") == {"added": True}
    search = {"queue": {"name": "Billing"}, "limit": 500}
    tickets = call(FetchTickets, ticket_search_criteria=search)["fetched_tickets"]
    (found,) = [one for one in tickets if one["id"] == number]
    assert (found["subject"], found["notes"][0]["body"]) == (title, "seen")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"queue": {"name": "Nope"}}, "the helpdesk has no queue `Nope`"),
        ({"priority": {"name": "6 mad"}}, "the helpdesk has no priority `6 mad`"),
        ({"state": {"id": "99"}}, "the helpdesk has no state with the id `99`"),
        (
            {"state": {"name": "pending reminder"}},
            "the state `pending reminder` needs a time",
        ),
    ],
)
def test_a_change_that_is_refused_changes_nothing(
    changes: dict[str, Any],
    message: str,
    helpdesk: OTOBOZnunyTicketSystem,
    ticket: str,
) -> None:
    given = TicketChanges.model_validate({"subject": "changed", **changes})
    with pytest.raises(Fail, match=message):
        run(helpdesk.update(ticket, given, Note(body="why")))
    after = run(helpdesk.get(ticket))
    assert (after.subject, after.notes) == ("Grüße", ())


def test_queues_of_searches(helpdesk: OTOBOZnunyTicketSystem) -> None:
    def find(queue: Named) -> list[str]:
        return run(helpdesk.find_ids(TicketSearch(queue=queue)))

    everything = TicketSearch(state=Named(name="new"))
    before = run(helpdesk.find_ids(everything))
    with pytest.raises(Fail, match="the helpdesk has no queue `Incomming`"):
        find(Named(name="Incomming"))
    with pytest.raises(Fail, match="the helpdesk has no queue with the id `99`"):
        find(Named(id="99"))
    # Nobody has ever put a ticket there.
    assert find(Named(name="Misc")) == []
    # Asking leaves nothing behind.
    assert run(helpdesk.find_ids(everything)) == before


def test_a_new_ticket_that_is_refused(helpdesk: OTOBOZnunyTicketSystem) -> None:
    with pytest.raises(Fail, match="the helpdesk has no queue `Nope`"):
        run(helpdesk.create(new("Nope")))
    with pytest.raises(Fail, match="the helpdesk has no priority `6 mad`"):
        run(helpdesk.create(new(priority=Named(name="6 mad"))))


def test_a_ticket_that_is_not_there(helpdesk: OTOBOZnunyTicketSystem) -> None:
    for ticket_id in ("99999999", "abc", "1,2", "1 or so"):
        with pytest.raises(Fail, match=f"there is no ticket `{ticket_id}`"):
            run(helpdesk.get(ticket_id))
    with pytest.raises(Fail, match="there is no ticket `1 or so`"):
        run(helpdesk.update("1 or so", TicketChanges(subject="a")))
    with pytest.raises(Fail, match=f"the agent `{USER}` may not do this"):
        run(helpdesk.update("99999999", TicketChanges(subject="a")))


def test_a_wrong_password(connect: Connect) -> None:
    with pytest.raises(Fail, match=f"does not let user `{USER}` in: check") as caught:
        run(connect(password="wrong-password").find_ids(TicketSearch()))
    assert "wrong-password" not in repr(caught.value)


def test_half_a_character(helpdesk: OTOBOZnunyTicketSystem, ticket: str) -> None:
    with pytest.raises(Fail, match="half a character"):
        run(helpdesk.update(ticket, TicketChanges(subject="\ud800")))


def test_addresses_that_are_wrong(znuny: Znuny, connect: Connect) -> None:
    def search(**arguments: object) -> list[str]:
        return run(connect(retries=0, **arguments).find_ids(TicketSearch()))

    front = znuny.url.removesuffix("/nph-genericinterface.pl")
    with pytest.raises(Fail, match="is a web page and no web service"):
        search(base_url=f"{front}/index.pl")
    with pytest.raises(Fail, match="answers 404: check `base_url`"):
        search(base_url=front)
    with pytest.raises(Fail, match="has no such operation: check `webservice_name`"):
        search(operation_urls={"TicketSearch": "find"})
    # Znuny does not even close the connection.
    with pytest.raises(Unavailable, match="no web service of this name"):
        search(webservice_name="Nope", timeout_seconds=3)


def test_connections_that_the_server_has_closed(
    helpdesk: OTOBOZnunyTicketSystem, ticket: str
) -> None:
    """Apache closes an idle one after five seconds; no note may meet that."""

    async def slowly() -> None:
        for seconds in (0, 4.9, 5.0, 5.1):
            await asyncio.sleep(seconds)
            note = Note(body=f"after {seconds}")
            assert await helpdesk.update(ticket, TicketChanges(), note)
        await helpdesk.aclose()

    run(slowly())
    assert len(run(helpdesk.get(ticket)).notes) == 4


def test_the_web_service_of_the_starter(connect: Connect) -> None:
    system = connect(webservice_name="otac", retries=0, timeout_seconds=10)
    try:
        made = run(system.create(new()))
    except (Fail, Unavailable):
        pytest.skip("this Znuny was not built for the tests: it has no `otac`")
    assert run(system.update(made.id, TicketChanges(), Note(body="seen")))
    assert [note.body for note in run(system.get(made.id)).notes] == ["seen"]
    assert made.id in run(system.find_ids(TicketSearch(queue=Named(name="HR"))))
