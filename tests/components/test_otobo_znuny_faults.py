"""`OTOBOZnunyTicketSystem` against a server that answers as Znuny does, on bad days."""

import asyncio
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from otac.components import (
    AddNote,
    CreateTicket,
    Fail,
    KeywordClassifier,
    Named,
    NewTicket,
    Note,
    OTOBOZnunyTicketSystem,
    ProcessTickets,
    TicketChanges,
    TicketSearch,
    Unavailable,
    construct,
    invoke,
)
from otac.components.otobo_znuny import web_service
from scripted_helpdesk import (
    AGENT,
    PASSWORD,
    Answer,
    ScriptedHelpdesk,
    article,
    error,
    reset,
    say,
    slow,
    ticket,
)

T = TypeVar("T")
FOUND = say({"TicketID": ["7"]})
DONE = say({"TicketID": "7", "ArticleID": "8"})
PAGE = "<!DOCTYPE html><html><title>Login</title></html>"
NOTE = Note(body="why")
HR = TicketChanges(queue=Named(name="HR"))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_service, "_FIRST_WAIT", 0.01)


@pytest.fixture
def server() -> Iterator[ScriptedHelpdesk]:
    with ScriptedHelpdesk() as server:
        yield server
        server.shutdown()


@pytest.fixture
def helpdesk(server: ScriptedHelpdesk) -> OTOBOZnunyTicketSystem:
    return make(server.url)


def make(url: str, **arguments: object) -> OTOBOZnunyTicketSystem:
    given = {"username": AGENT, "password": PASSWORD, "claims_path": None, **arguments}
    return construct(OTOBOZnunyTicketSystem, {"base_url": url, **given})


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def search(system: OTOBOZnunyTicketSystem) -> list[str]:
    return run(system.find_ids(TicketSearch()))


def add_note(system: object, **arguments: object) -> dict[str, Any]:
    given = {"ticket_system": system, "ticket_id": "7", "note": "why", **arguments}
    return asyncio.run(invoke(AddNote, given))


REFUSED = error("TicketSearch.AuthFail", "User could not be authenticated!")
LASTING: dict[str, tuple[Answer, str]] = {
    "wrong password": (
        REFUSED,
        r"does not let user `agent` in: check `username` and `password`",
    ),
    "no operation": (
        say("HTTP::REST Error while determine Operation for request URI", 500, "text"),
        r"ticket-search` has no such operation: check `webservice_name`",
    ),
    "redirect": (
        say("", 301, Location="https://u:p@helpdesk.example/otobo/?Session=1"),
        r"redirects to `https://helpdesk.example/otobo/`: set `base_url`",
    ),
    "not found": (say(PAGE, 404, "text/html"), r"answers 404: check `base_url`"),
    "a login before it": (say("", 401), r"answers 401: something before the helpdesk"),
    "not let in": (say("", 403), r"answers 403: the web server does not let us in"),
    "some refusal": (
        error("TicketSearch.Odd", "Not today!"),
        r"^the helpdesk refuses: Not today$",
    ),
}
PASSING: dict[str, tuple[Answer, str]] = {
    "500": (say("Internal Server Error", 500, "text/plain"), "answers 500"),
    "502": (say("", 502), "answers 502"),
    "503": (say("", 503, Retry_After="0"), "answers 503"),
    "504": (say("", 504), "answers 504"),
    "429": (say("", 429), "answers 429"),
    "broken JSON": (say('{"TicketID": ["7"'), "answers with broken JSON"),
    "no object": (say([1]), "answers with broken JSON"),
    "reset": (reset, "closed the connection"),
    "maintenance": (
        say(PAGE, kind="text/html; charset=utf-8"),
        "ticket-search` answers with a web page",
    ),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_not_tried_again(
    name: str, server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    answer, message = LASTING[name]
    server.on("search", answer)
    with pytest.raises(Fail, match=message) as caught:
        search(helpdesk)
    assert len(server.asked) == 1
    assert_nothing_leaks(caught.value)


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_tried_again(
    name: str, server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    answer, message = PASSING[name]
    server.on("search", answer, answer, FOUND)
    assert search(helpdesk) == ["7"]
    assert len(server.asked) == 3
    server.on("search", answer)
    with pytest.raises(Unavailable, match=rf"{message} \(3 attempts\)$") as caught:
        search(helpdesk)
    assert len(server.asked) == 6
    assert_nothing_leaks(caught.value)
    # Changing the same fields once more does no harm.
    server.on("update", answer, DONE)
    assert run(helpdesk.update("7", HR))


def test_a_slow_server(server: ScriptedHelpdesk) -> None:
    system = make(server.url, timeout_seconds=0.3, retries=1)
    server.on("search", slow(1.0, FOUND))
    with pytest.raises(Unavailable, match=r"has not answered in 0.3 s") as caught:
        search(system)
    assert len(server.asked) == 2
    assert_nothing_leaks(caught.value)


def test_a_server_that_is_down(server: ScriptedHelpdesk) -> None:
    url = server.url
    server.shutdown()
    server.server_close()
    for work in (
        make(url).find_ids(TicketSearch()),
        # It cannot have arrived, so that these are tried again, too.
        make(url).update("7", HR, NOTE),
        make(url).create(NewTicket(subject="a", queue=Named(name="a"), customer="c")),
    ):
        with pytest.raises(Unavailable) as caught:
            run(work)
        assert re.fullmatch(
            r"cannot connect to `http://127.0.0.1:\d+/otobo/nph-genericinterface.pl"
            r"/Webservice/OpenTicketAI`: is it running, and can it be reached from"
            r" here\? \(3 attempts\)",
            str(caught.value),
        )
        assert_nothing_leaks(caught.value)


@pytest.mark.parametrize("name", [name for name in PASSING if name != "429"] + ["slow"])
def test_a_note_that_may_have_arrived_is_not_sent_again(
    name: str, server: ScriptedHelpdesk
) -> None:
    system = make(server.url, timeout_seconds=0.5 if name == "slow" else 30)
    bad = slow(1.2, DONE) if name == "slow" else PASSING[name][0]
    server.on("update", bad, DONE)
    with pytest.raises(Fail, match="the note may be in ticket `7`, so this is not"):
        add_note(system)
    assert server.operations() == ["update"]
    server.on("create", bad, DONE)
    new = {"subject": "a", "queue": {"name": "HR"}, "customer": "c1"}
    with pytest.raises(Fail, match="the ticket may have been made, so this is not"):
        asyncio.run(invoke(CreateTicket, {"ticket_system": system, "new_ticket": new}))
    assert server.operations() == ["update", "create"]


def test_a_request_that_was_not_looked_at_is_sent_again(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("update", say("", 429, Retry_After="0"), DONE)
    assert add_note(helpdesk) == {"added": True}


def test_a_web_page_where_no_web_service_is(server: ScriptedHelpdesk) -> None:
    server.on("search", say(PAGE, kind="text/html"))
    address = server.url.replace("/nph-genericinterface.pl", "/index.pl")
    wanted = "is a web page and no web service: `base_url` should end in"
    with pytest.raises(Fail, match=wanted):
        search(make(address))
    assert len(server.asked) == 1


def test_a_note_with_a_key_is_looked_for(server: ScriptedHelpdesk) -> None:
    helpdesk = make(server.url, late_seconds=0)
    without = say({"Ticket": [ticket(7)]})
    there = say({"Ticket": [ticket(7, article("a"), article("why\n\n[otac note:k]"))]})
    # It had arrived.
    server.on("update", reset, DONE)
    server.on("get", without, there)
    assert add_note(helpdesk, key="k") == {"added": True}
    assert server.operations() == ["get", "update", "get"]
    # It had not: the next attempt looks again before it writes.
    server.asked.clear()
    server.on("update", reset, DONE)
    server.on("get", without)
    with pytest.raises(Unavailable, match="closed the connection"):
        add_note(helpdesk, key="k")
    assert add_note(helpdesk, key="k") == {"added": True}
    assert server.operations() == ["get", "update", "get", "get", "update"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Ticket->QueueID or Ticket->Queue parameter is invalid!",
            r"^the helpdesk has no queue `HR`: check its name, and that it is valid$",
        ),
        (
            "Ticket->PriorityID or Ticket->Priority parameter is invalid!",
            r"^the helpdesk has no priority with the id `9`: check its name",
        ),
        (
            "Ticket->StateID or Ticket->State parameter is invalid!",
            r"^the helpdesk has no state `nope`",
        ),
        (
            "Ticket->CustomerUser parameter is invalid!",
            r"^the helpdesk does not accept the customer",
        ),
    ],
)
def test_unknown_names(
    text: str, message: str, server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("update", error("TicketUpdate.InvalidParameter", text))
    changes = TicketChanges(
        queue=Named(name="HR"),
        priority=Named(id="9"),
        state=Named(name="nope"),
        customer="x",
    )
    with pytest.raises(Fail, match=message):
        run(helpdesk.update("7", changes, NOTE))
    assert len(server.asked) == 1


def test_what_the_helpdesk_would_misread_is_not_sent(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    for number in ("7,8", "7 or so", "", "seven"):
        with pytest.raises(Fail, match="there is no ticket"):
            run(helpdesk.update(number, HR))
        with pytest.raises(Fail, match="there is no ticket"):
            run(helpdesk.get(number))
    pending = TicketChanges(state=Named(name="pending reminder"))
    with pytest.raises(Fail, match="`pending reminder` needs a time"):
        run(helpdesk.update("7", pending))
    assert server.asked == []


def test_permissions(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    denied = "User does not have access to the ticket!"
    server.on("update", error("TicketUpdate.AccessDenied", denied))
    with pytest.raises(Fail, match=r"the agent `agent` may not do this: User does not"):
        run(helpdesk.update("7", HR))
    server.on("get", error("TicketGet.AccessDenied", denied))
    with pytest.raises(Fail, match="there is no ticket `7`, or the agent `agent` may"):
        run(helpdesk.get("7"))


def find_in(system: OTOBOZnunyTicketSystem, queue: str) -> list[str]:
    return run(system.find_ids(TicketSearch(queue=Named(name=queue))))


def test_a_search_in_a_queue_that_is_not_there(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    """The helpdesk finds nothing there, and says nothing."""
    server.on("search", say({}))
    unknown = "Ticket->QueueID or Ticket->Queue parameter is invalid!"
    server.on("create", error("TicketCreate.InvalidParameter", unknown))
    with pytest.raises(Fail, match="the helpdesk has no queue `Incomming`"):
        find_in(helpdesk, "Incomming")
    # What is asked for cannot be made by any helpdesk.
    asked = server.asked[-1][1]
    assert asked["Ticket"].keys() == {"Title", "CustomerUser", "Queue"}
    assert asked["Article"].keys() == {"Subject"}


def test_a_search_in_an_empty_queue_asks_once(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", say({}))
    state = "Ticket->StateID or Ticket->State parameter is required!"
    server.on("create", error("TicketCreate.MissingParameter", state))
    assert find_in(helpdesk, "Incoming") == []
    assert find_in(helpdesk, "Incoming") == []
    assert server.operations() == ["search", "search", "create", "search"]
    # Nothing is asked where something was found before.
    server.on("search", FOUND, say({}))
    assert find_in(helpdesk, "HR") == ["7"]
    server.asked.clear()
    assert find_in(helpdesk, "HR") == []
    assert server.operations() == ["search"]


def test_a_web_service_that_cannot_tell(
    server: ScriptedHelpdesk,
    helpdesk: OTOBOZnunyTicketSystem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.on("search", say({}))
    assert find_in(helpdesk, "Incoming") == []
    assert (
        "nothing was ever found in queue `Incoming`: is that its name?" in caplog.text
    )


@pytest.mark.parametrize(
    "url", ["", "helpdesk.example", "ftp://helpdesk.example", "http://[", "http://a:b"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(Fail, match="`base_url` needs to be an address such as"):
        make(url)


def test_a_login_in_the_address_is_used_and_never_shown(
    server: ScriptedHelpdesk, caplog: pytest.LogCaptureFixture
) -> None:
    system = make(server.url.replace("://", "://proxy:s3cret-of-a-proxy@"))
    server.on("search", say("", 404))
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Fail) as caught:
        search(system)
    assert "s3cret-of-a-proxy" not in caplog.text + everything(caught.value)
    assert "404" in caplog.text


def test_no_ticket_is_tried_where_the_helpdesk_is_down(
    server: ScriptedHelpdesk,
) -> None:
    ids = [str(number) for number in range(1, 31)]
    server.on("search", say({"TicketID": ids}))
    server.on("get", say("", 503))
    with pytest.raises(ExceptionGroup, match=r"3 of 3 tickets failed.*answers 503"):
        process(make(server.url, retries=0), at_once=1)
    # All at once, then three one by one.
    assert server.operations().count("get") == 4


def test_a_wrong_password_ends_a_run_at_once(
    server: ScriptedHelpdesk, helpdesk: OTOBOZnunyTicketSystem
) -> None:
    server.on("search", REFUSED)
    with pytest.raises(Fail, match="does not let user `agent` in"):
        process(helpdesk)
    assert len(server.asked) == 1


def process(system: object, **arguments: object) -> dict[str, Any]:
    given = {
        "queue": "Incoming",
        "queues": {"IT": ""},
        "ticket_system": system,
        "classification_service": KeywordClassifier(
            {"IT": ["password"]}, word_precision=0.8
        ),
    }
    return asyncio.run(invoke(ProcessTickets, {**given, **arguments}))


def test_the_password_is_in_nothing_that_is_printed(
    helpdesk: OTOBOZnunyTicketSystem,
) -> None:
    shown: list[Callable[[object], str]] = [repr, str, lambda it: repr(vars(it))]
    for service in (helpdesk, helpdesk._service):
        for show in shown:
            assert PASSWORD not in show(service)


def assert_nothing_leaks(error: BaseException) -> None:
    assert PASSWORD not in everything(error)
    assert error.__cause__ is None
    # Also what a debugger or an error tracker would follow.
    assert PASSWORD.encode() not in pickle.dumps(error)
    link: BaseException | None = error
    while link is not None:
        assert not hasattr(link, "request")
        link = link.__context__


def everything(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error))
    return text + repr(error) + repr(vars(error))
