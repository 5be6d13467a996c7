"""Updates that the helpdesk carries out after nobody listens any more."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from otac.components import AddNote, OTOBOZnunyTicketSystem, Unavailable, construct
from otac.components import invoke as invoked
from otac.components.otobo_znuny import late, web_service
from scripted_helpdesk import (
    AGENT,
    PASSWORD,
    ScriptedHelpdesk,
    article,
    reset,
    say,
    slow,
    ticket,
)

DONE = say({"TicketID": "7", "ArticleID": "8"})
NOTE = article("why\n\n[otac note:k]")
WITHOUT = say({"Ticket": [ticket(7, article("a"))]})
ONCE = say({"Ticket": [ticket(7, article("a"), NOTE)]})
TWICE = say({"Ticket": [ticket(7, article("a"), NOTE, NOTE)]})


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_service, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(late, "_FIRST_PAUSE", 0.05)


@pytest.fixture
def server() -> Iterator[ScriptedHelpdesk]:
    with ScriptedHelpdesk() as server:
        yield server
        server.shutdown()


def make(server: ScriptedHelpdesk, **arguments: object) -> OTOBOZnunyTicketSystem:
    given = {"username": AGENT, "password": PASSWORD, "claims_path": None, **arguments}
    return construct(OTOBOZnunyTicketSystem, {"base_url": server.url, **given})


async def add_note(system: object) -> dict[str, Any]:
    given = {"ticket_system": system, "ticket_id": "7", "note": "why", "key": "k"}
    return await invoked(AddNote, given)


def updates(server: ScriptedHelpdesk) -> int:
    return server.operations().count("update")


@pytest.mark.parametrize("answer", [slow(3, DONE), reset, say("", 504), say("", 502)])
def test_a_note_is_waited_for(server: ScriptedHelpdesk, answer: Any) -> None:
    server.on("update", answer, DONE)
    # The helpdesk itself is away for a moment, too.
    server.on("get", WITHOUT, WITHOUT, say("", 503), WITHOUT, ONCE)
    system = make(server, timeout_seconds=1, retries=0)
    assert asyncio.run(add_note(system)) == {"added": True}
    assert updates(server) == 1


def test_an_attempt_that_was_cut_off_is_waited_for(server: ScriptedHelpdesk) -> None:
    async def attempts() -> dict[str, Any]:
        system = make(server)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await add_note(system)
        return await add_note(system)

    server.on("update", slow(3, DONE), DONE)
    server.on("get", WITHOUT, WITHOUT, WITHOUT, ONCE)
    assert asyncio.run(attempts()) == {"added": True}
    assert updates(server) == 1


def test_a_note_that_does_not_come_is_sent_again(
    server: ScriptedHelpdesk, caplog: pytest.LogCaptureFixture
) -> None:
    async def attempts() -> dict[str, Any]:
        system = make(server, timeout_seconds=1, late_seconds=2)
        with pytest.raises(Unavailable, match="has not answered in 1 s"):
            await add_note(system)
        again = await add_note(system)
        # The first one was carried out after all.
        server.on("get", TWICE)
        await system.aclose()
        await system.aclose()
        return again

    caplog.set_level(logging.WARNING, "otac.components")
    server.on("update", slow(4, DONE), DONE)
    server.on("get", WITHOUT)
    assert asyncio.run(attempts()) == {"added": True}
    assert updates(server) == 2
    waits, twice = [record.getMessage() for record in caplog.records]
    assert waits.startswith("ticket 7: an update was not answered, and may still be")
    assert twice == (
        "ticket 7 has the note `note:k` 2 times: the helpdesk carried out an update more"
        " than 2 s after it was sent (`late_seconds`)"
    )


def test_nobody_knows(server: ScriptedHelpdesk) -> None:
    """The helpdesk is gone for longer than it is waited for."""
    server.on("update", reset)
    server.on("get", WITHOUT, say("", 503))
    system = make(server, late_seconds=0.3, retries=0)
    with pytest.raises(Unavailable, match="nobody knows whether the note is in ticket"):
        asyncio.run(add_note(system))
    # Which it does not forget.
    server.on("get", ONCE)
    assert asyncio.run(add_note(system)) == {"added": True}
    assert updates(server) == 1
