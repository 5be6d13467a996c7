"""`OTOBOZnunyTicketSystem` against a server that answers as Znuny does, on good days."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from otac.components import (
    AddNote,
    CheckEscalations,
    CreateTicket,
    Fail,
    FetchTickets,
    KeywordClassifier,
    Named,
    NewTicket,
    Note,
    OTOBOZnunyTicketSystem,
    ProcessTickets,
    Queue,
    Stop,
    Ticket,
    TicketChanges,
    TicketSearch,
    Unavailable,
    UpdateTicket,
    construct,
    invoke,
    worklist,
)
from otac.components.decision_record import RecordedChoice, unmark
from otac.components.once import step_key
from scripted_helpdesk import (
    AGENT,
    NAME,
    PASSWORD,
    ScriptedHelpdesk,
    article,
    error,
    say,
    ticket,
)

T = TypeVar("T")
LOGIN = {"UserLogin": AGENT, "Password": PASSWORD}
INCOMING = Named(name="Incoming")
DONE = say({"TicketID": "7", "ArticleID": "8"})


@pytest.fixture
def server() -> Iterator[ScriptedHelpdesk]:
    with ScriptedHelpdesk() as server:
        yield server
        server.shutdown()


@pytest.fixture
def helpdesk(server: ScriptedHelpdesk, tmp_path: Path) -> OTOBOZnunyTicketSystem:
    return make(server, claims_path=str(tmp_path / "run" / "claims.db"))


def make(server: ScriptedHelpdesk, **arguments: object) -> OTOBOZnunyTicketSystem:
    given = {
        "base_url": server.url,
        "username": AGENT,
        "password": PASSWORD,
        "claims_path": None,
        **arguments,
    }
    return construct(OTOBOZnunyTicketSystem, given)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def call(component: object, system: object, **arguments: object) -> dict[str, Any]:
    given = {"ticket_system": system, **arguments}
    return asyncio.run(invoke(component, given))  # type: ignore[arg-type]


def test_a_search_reads_what_it_found_in_one_request(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({"TicketID": ["9", "10", "11"]}))
    server.on("get", say({"Ticket": [ticket(10), ticket(11)]}))
    search = {"queue": {"name": "Incoming"}, "limit": 2, "offset": 1}
    found = call(FetchTickets, helpdesk, ticket_search_criteria=search)
    assert [one["id"] for one in found["fetched_tickets"]] == ["10", "11"]
    assert server.asked == [
        (
            "search",
            {
                **LOGIN,
                "SortBy": ["Age", "TicketNumber"],
                "OrderBy": ["Up", "Up"],
                "Limit": 3,
                "Queues": ["Incoming"],
                "StateType": ["new", "open", "pending reminder", "pending auto"],
            },
        ),
        ("get", {**LOGIN, "TicketID": ["10", "11"], "AllArticles": 1}),
    ]
    assert server.paths[0].endswith(f"/Webservice/{NAME}/ticket-search")


def test_searches(server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem) -> None:
    server.on("search", say({"TicketID": ["12", "9"]}))
    before = datetime.now(UTC) - timedelta(minutes=90, seconds=30)
    search = TicketSearch(
        queue=Named(id="5"), state=Named(name="open"), created_before=before
    )
    assert run(helpdesk.find_ids(search)) == ["9", "12"]
    ((_, asked),) = server.asked
    assert asked["QueueIDs"] == ["5"]
    assert asked["States"] == ["open"]
    assert asked["TicketCreateTimeOlderMinutes"] == 90
    assert asked["Limit"] == 10_000
    assert "StateType" not in asked


def test_finding_nothing_is_no_error(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({}))
    assert run(helpdesk.find(TicketSearch())) == []
    assert server.operations() == ["search"]


def test_a_ticket(server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem) -> None:
    articles = [
        article("It is cold.\n[otac process:Incoming]", SenderType="customer"),
        article("Called.\n\n[otac note:a]", Subject="Phone"),
        article("We come.", IsVisibleForCustomer="1"),
        article("[otac note:b]", SenderType="customer"),
    ]
    server.on("get", say({"Ticket": [ticket(7, *articles)]}))
    read = run(helpdesk.get("7"))
    assert read.subject == "Ticket 7"
    assert read.body == "It is cold.\n[otac process:Incoming]"
    assert read.queue == Named(id="5", name="Incoming")
    assert read.priority == Named(id="3", name="3 normal")
    assert read.state == Named(id="1", name="new")
    assert read.customer == "c1"
    assert read.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read.notes == (
        Note(subject="Phone", body="Called."),
        Note(subject="s", body="We come.", internal=False),
        Note(subject="s", body="[otac note:b]"),
    )
    # Only an agent's note says what was done.
    assert read.applied == {"note:a"}
    assert "applied" not in read.model_dump()


@pytest.mark.parametrize("hours", [-8, 0, 5.5, 13])
@pytest.mark.parametrize("days", [0, 2])
def test_the_time_zone_of_the_helpdesk_does_not_matter(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem, hours: float, days: int
) -> None:
    created = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    there = (created + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")
    age = round((datetime.now(UTC) - created).total_seconds())
    server.on("get", say({"Ticket": [ticket(7, Created=there, Age=age)]}))
    assert run(helpdesk.get("7")).created == created


def test_changes_and_note_are_one_request(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("update", DONE)
    changes = TicketChanges(
        subject="T",
        queue=Named(name="Billing"),
        priority=Named(id="4", name="4 high"),
        state=Named(name="open"),
        customer="eva@example.com",
    )
    assert run(helpdesk.update("7", changes, Note(body="why")))
    assert server.asked == [
        (
            "update",
            {
                **LOGIN,
                "TicketID": "7",
                "Ticket": {
                    "Title": "T",
                    "CustomerUser": "eva@example.com",
                    "Queue": "Billing",
                    "PriorityID": "4",
                    "State": "open",
                },
                "Article": {
                    "CommunicationChannel": "Internal",
                    "ContentType": "text/plain; charset=utf8",
                    "Subject": "Note",
                    "Body": "why",
                    "SenderType": "agent",
                    "IsVisibleForCustomer": 0,
                },
            },
        )
    ]


def test_pipes(server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem) -> None:
    server.on("update", DONE)
    server.on("create", DONE)
    server.on("get", say({"Ticket": [ticket(7)]}))
    changes = {"queue": {"name": "HR"}}
    call(UpdateTicket, helpdesk, ticket_id=7, updated_ticket=changes)
    note = {"subject": "a", "body": "b", "internal": False}
    assert call(AddNote, helpdesk, ticket_id=7, note=note) == {"added": True}
    new = {"subject": "Paper", "queue": {"name": "HR"}, "customer": "eva@example.com"}
    made = call(CreateTicket, helpdesk, new_ticket=new)
    assert made == {"created_ticket_id": "7"}
    updates = [data for operation, data in server.asked if operation == "update"]
    assert updates[0]["Ticket"] == {"Queue": "HR"}
    assert "Article" not in updates[0]
    assert "Ticket" not in updates[1]
    assert updates[1]["Article"]["IsVisibleForCustomer"] == 1
    ((_, created),) = [one for one in server.asked if one[0] == "create"]
    assert created["Ticket"] == {
        "Title": "Paper",
        "CustomerUser": "eva@example.com",
        "Queue": "HR",
        "Priority": "3 normal",
        "State": "new",
    }
    assert created["Article"]["Body"] == "Paper"


def test_a_new_ticket_needs_a_customer(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    with pytest.raises(Fail, match="needs a `customer`"):
        run(helpdesk.create(NewTicket(subject="a", queue=INCOMING)))
    assert server.asked == []


def test_a_key_is_seen_from_every_machine(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("get", say({"Ticket": [ticket(7)]}))
    server.on("update", DONE)
    arguments = {"ticket_id": "7", "note": "Done.", "key": "a\nb"}
    assert call(AddNote, helpdesk, **arguments) == {"added": True}
    body = server.asked[-1][1]["Article"]["Body"]
    assert body == "Done.\n\n[otac note:a b]"
    server.on("get", say({"Ticket": [ticket(7, article("Hi."), article(body))]}))
    assert call(AddNote, make(server), **arguments) == {"added": False}
    assert server.operations() == ["get", "update", "get"]


@pytest.mark.parametrize(
    ("internal", "line"), [(True, "\n\n[otac run:1/a/b]"), (False, "")]
)
def test_a_customer_does_not_read_about_runs(
    server: ScriptedHelpdesk,
    helpdesk: OTOBOZnunyTicketSystem,
    internal: bool,
    line: str,
) -> None:
    server.on("get", say({"Ticket": [ticket(7)]}))
    server.on("update", DONE)
    note = {"body": "Done.", "internal": internal}
    token = step_key.set(lambda: "1/a/b")
    try:
        assert call(AddNote, helpdesk, ticket_id="7", note=note) == {"added": True}
    finally:
        step_key.reset(token)
    assert server.asked[-1][1]["Article"]["Body"] == f"Done.{line}"


def test_the_operations_can_be_elsewhere(server: ScriptedHelpdesk) -> None:
    urls = {"TicketSearch": "/a/find"}
    system = make(server, operation_urls=urls, webservice_name="My Service")
    server.on("find", say({}))
    run(system.find(TicketSearch()))
    assert server.paths[0].endswith("/Webservice/My%20Service/a/find")
    with pytest.raises(Fail, match=r"has no parameter `operation_urls.Search`"):
        make(server, operation_urls={"Search": "a"})


def test_queues_are_those_that_were_named(server: ScriptedHelpdesk) -> None:
    with pytest.raises(Fail, match="cannot be asked for its queues: name those"):
        run(make(server).list_queues())
    system = make(server, queues={"HR": "leave"})
    assert run(system.list_queues()) == [Queue(name="HR", description="leave")]
    assert server.asked == []


def test_connections_are_few_and_used_again(server: ScriptedHelpdesk) -> None:
    system = make(server, max_connections=3)
    server.on("search", say({}))

    async def many() -> None:
        await asyncio.gather(*(system.find_ids(TicketSearch()) for _ in range(30)))
        await system.aclose()

    run(many())
    assert len(server.operations()) == 30
    assert 1 <= len(server.connections) <= 3


def test_the_system_can_be_used_in_another_event_loop(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({"TicketID": ["1"]}))
    assert run(helpdesk.find_ids(TicketSearch())) == ["1"]
    assert run(helpdesk.find_ids(TicketSearch())) == ["1"]


WORDS = KeywordClassifier(
    {"Billing": ["invoice"], "IT": ["password"]}, word_precision=0.8
)


def process(system: object, **arguments: object) -> dict[str, Any]:
    given = {"queue": "Incoming", "priorities": {}, **arguments}
    return call(ProcessTickets, system, classification_service=WORDS, **given)


def test_each_ticket_of_a_queue_is_one_update(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({"TicketID": ["7", "8", "9"]}))
    tickets = [ticket(number, article("My password.")) for number in (7, 8, 9)]
    server.on("get", say({"Ticket": tickets}))
    server.on("update", DONE)
    queues = {"Billing": "", "IT": ""}
    assert process(helpdesk, queues=queues)["handled"] == ["7", "8", "9"]
    assert server.operations() == ["search", "get", "update", "update", "update"]
    updates = [data for operation, data in server.asked if operation == "update"]
    assert {data["Ticket"]["Queue"] for data in updates} == {"IT"}
    marked = unmark(updates[0]["Article"]["Body"])
    assert marked.key == "process:Incoming"
    assert marked.decision is not None
    assert marked.decision.queue == RecordedChoice(
        before="Incoming",
        after="IT",
        label="IT",
        confidence=0.8,
        by="KeywordClassifier",
    )
    # Another run on this machine does not even read them.
    server.asked.clear()
    with pytest.raises(Stop, match="has no new tickets"):
        process(helpdesk, queues=queues)
    assert server.operations() == ["search"]


def test_what_another_machine_did_is_not_done_again(server: ScriptedHelpdesk) -> None:
    """Nor does it count: the limit is for tickets that are new."""
    server.on("search", say({"TicketID": ["7", "8", "9"]}))
    old = [
        ticket(
            number, article("password"), article("Routed\n\n[otac process:Incoming]")
        )
        for number in (7, 8)
    ]
    server.on("get", say({"Ticket": [*old, ticket(9, article("password"))]}))
    server.on("update", DONE)
    result = process(make(server), queues={"IT": "", "Billing": ""}, limit=1)
    assert result["handled"] == ["9"]
    assert server.operations() == ["search", "get", "update"]


def test_a_bad_ticket_holds_back_nobody(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    """One has gone, so that reading all at once is refused."""
    server.on("search", say({"TicketID": ["7", "8", "9"]}))
    denied = error("TicketGet.AccessDenied", "User does not have access to the ticket!")
    one, two = ({"Ticket": [ticket(n, article("invoice"))]} for n in (7, 9))
    server.on("get", denied, say(one), denied, say(two), denied)
    server.on("update", DONE)
    with pytest.raises(Fail) as caught:
        process(helpdesk, queues={"IT": "", "Billing": ""}, at_once=1)
    assert str(caught.value) == (
        "1 of 3 tickets failed: `8` (there is no ticket `8`, or the agent `agent` may"
        " not see it)"
    )
    assert server.operations().count("update") == 2


def test_escalations(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({"TicketID": ["7"]}))
    server.on("get", say({"Ticket": [ticket(7)]}))
    server.on("update", DONE)
    assert [
        it["ticket_id"] for it in call(CheckEscalations, helpdesk)["escalated"]
    ] == ["7"]
    assert server.asked[-1][1]["Ticket"] == {"Priority": "4 high"}
    assert call(CheckEscalations, helpdesk)["escalated"] == []


def test_a_claim_that_has_run_out_writes_nothing(server: ScriptedHelpdesk) -> None:
    server.on("get", say({"Ticket": [ticket(7)]}))
    server.on("update", DONE)
    helpdesk = make(server)
    note = Note(subject="s", body="b")

    async def main() -> None:
        await helpdesk.claim("p", ["7"], owner="frozen", lease_seconds=0.05)
        await asyncio.sleep(0.1)
        with pytest.raises(Unavailable, match="the claim on ticket `7` has run out"):
            await helpdesk.update("7", TicketChanges(), note, key="p")
        assert "update" not in server.operations()
        # Given back, it is nobody's, and steps that claim nothing may write.
        await helpdesk.release("p", owner="frozen")
        assert await helpdesk.update("7", TicketChanges(), note, key="p")

    run(main())


def test_a_ticket_that_takes_long_stays_claimed(
    server: ScriptedHelpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "LEASE_SECONDS", 4.5)
    server.on("get", say({"Ticket": [ticket(7)]}))
    server.on("update", DONE)
    helpdesk = make(server)

    async def slowly(one: Ticket) -> bool:
        await asyncio.sleep(6)
        assert await helpdesk.claim("p", ["7"], owner="x", lease_seconds=1) is None
        return await helpdesk.update("7", TicketChanges(), Note(body="b"), key="p")

    worked = run(worklist.work_through(helpdesk, "p", ["7"], 1, slowly))
    assert (worked.done, worked.failures) == ({"7": True}, {})
