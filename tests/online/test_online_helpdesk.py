"""`otac check --online` on a helpdesk of the OTRS family that a script plays."""

import threading
import time
from email.utils import formatdate
from typing import Any

import pytest
from online_check import Check, lines

from scripted_helpdesk import (
    PASSWORD,
    Answer,
    Handler,
    ScriptedHelpdesk,
    cut_off,
    drip,
    error,
    reset,
    say,
    slow,
    ticket,
)

CONFIG = """\
services:
  desk:
    use: OTOBOZnunyTicketSystem
    params:
      base_url: "{{ env.DESK }}"
      username: agent
      password: "{{ env.DESK_PASSWORD }}"
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}}}
orchestrator:
  runners:
    - pipe_id: route
      pipe: {use: ProcessTickets, queue: Incoming, queues: {Biling: "", HR: ""}}
    - pipe_id: close
      pipe:
        use: UpdateTicket
        ticket_id: "1"
        updated_ticket: {state: {name: closd}, priority: {name: 3 nrmal}}
    - pipe_id: make
      pipe: {use: CreateTicket, new_ticket: {subject: a, queue: {name: HR}, customer: x}}
"""


def made(denied: str = "") -> Answer:
    """Looks at a ticket to be made in Znuny's order, and never makes one."""
    known = {
        "CustomerUser": ["otac@example.com"],
        "Queue": ["Incoming", "Billing", "HR"],
        "State": ["new", "closed successful"],
        "Priority": ["3 normal"],
    }

    def answer(handler: Handler) -> None:
        fields: dict[str, Any] = handler.server.asked[-1][1].get("Ticket") or {}
        for key, names in known.items():
            if key not in fields:
                said = error(
                    "TicketCreate.MissingParameter", f"Ticket->{key} parameter"
                )
                return said(handler)
            if fields[key] not in names:
                text = f"Ticket->{key}ID or Ticket->{key} parameter is invalid!"
                return error("TicketCreate.InvalidParameter", text)(handler)
        if fields["Queue"] == denied:
            text = "Can not create tickets in given Queue or QueueID!"
            return error("TicketCreate.AccessDenied", text)(handler)
        text = "Article->Body parameter is missing!"
        return error("TicketCreate.MissingParameter", text)(handler)

    return answer


@pytest.fixture
def well(helpdesk: ScriptedHelpdesk) -> ScriptedHelpdesk:
    """One that has everything but what is misspelt."""
    helpdesk.on("search", say({"TicketID": ["7"]}))
    helpdesk.on("get", say({"Ticket": [ticket(7, Queue="Billing")]}))
    helpdesk.on("update", error("TicketUpdate.MissingParameter", "TicketID or"))
    helpdesk.on("create", made())
    return helpdesk


def given(helpdesk: ScriptedHelpdesk) -> dict[str, str]:
    return {"DESK": helpdesk.url, "DESK_PASSWORD": PASSWORD}


def test_each_name_is_asked_for(check: Check, well: ScriptedHelpdesk) -> None:
    done = check(CONFIG, **given(well))
    who = "service `desk`: the helpdesk has no"
    assert lines(done) == [
        f"config.yml:12:61: OTC680 {who} queue `Biling`",
        f"config.yml:17:40: OTC680 {who} state `closd`",
        f"config.yml:17:65: OTC680 {who} priority `3 nrmal`",
        f"config.yml:19:87: OTC680 {who} user `x`",
    ]
    assert done.status == 1
    full = check(CONFIG, "--format", "full", **given(well))
    assert "did you mean `Billing`?" in full.err
    assert "did you mean `3 normal`?" in full.err
    # Nothing that could be made or changed was ever sent.
    for operation, data in well.asked:
        if operation == "create":
            assert "Body" not in data.get("Article", {})
        assert operation != "update" or data["TicketID"] == "0"


def test_a_right_that_is_missing(check: Check, well: ScriptedHelpdesk) -> None:
    well.on("create", made(denied="HR"))
    done = check(CONFIG, **given(well))
    told = "service `desk`: agent `agent` may not create tickets in queue `HR`"
    found = lines(done)
    assert f"config.yml:12:73: OTC681 warning: {told}" in found
    # Here it is sure to fail.
    assert f"config.yml:19:72: OTC681 {told}" in found


def test_a_password_that_is_refused(check: Check, well: ScriptedHelpdesk) -> None:
    well.on(
        "search", error("TicketSearch.AuthFail", "User could not be authenticated!")
    )
    done = check(CONFIG, **given(well))
    (line,) = lines(done)
    assert line.startswith("config.yml:7:17: OTC581 service `desk`: the helpdesk does")
    assert done.status == 3
    assert PASSWORD not in done.err


def test_an_operation_that_is_missing(check: Check, well: ScriptedHelpdesk) -> None:
    well.script["update"] = []
    done = check(CONFIG, **given(well))
    assert lines(done)[0].startswith("config.yml:2:3: OTC582 service `desk`: `TicketUp")
    well.script["create"] = []
    done = check(CONFIG, **given(well))
    found = [line.partition("service")[0] for line in lines(done)]
    assert found == [
        "config.yml:2:3: OTC582 ",
        "config.yml:2:3: OTC582 warning: ",
        "config.yml:2:3: OTC584 note: ",
    ]


def test_one_that_is_not_there(check: Check) -> None:
    desk = "http://127.0.0.1:9/nph-genericinterface.pl"
    done = check(CONFIG, DESK=desk, DESK_PASSWORD=PASSWORD)
    (line,) = lines(done)
    assert line.startswith("config.yml:5:17: OTC580 service `desk`: cannot connect to")
    assert done.status == 3


def test_one_without_the_web_service(check: Check, well: ScriptedHelpdesk) -> None:
    well.on("search", reset)
    done = check(CONFIG, "--format", "full", **given(well))
    assert "look at `webservice_name`" in done.err


def test_one_that_dies_in_the_middle(check: Check, well: ScriptedHelpdesk) -> None:
    fine = made()
    well.on("create", fine, fine, fine, fine, fine, fine, reset)
    done = check(CONFIG, **given(well))
    codes = [line.split()[1] for line in lines(done)]
    # What it said before stays said.
    assert {*codes} == {"OTC680", "OTC580"}
    assert done.status == 1


def test_one_that_is_slow(check: Check, well: ScriptedHelpdesk) -> None:
    well.on("search", slow(60, say({})))
    begun = time.monotonic()
    done = check(CONFIG, **given(well))
    assert time.monotonic() - begun < 50
    assert "OTC580 service `desk`" in done.err
    assert "has not answered in 10 s" in done.err


def test_one_whose_answers_never_end(check: Check, well: ScriptedHelpdesk) -> None:
    well.on("create", drip)
    begun = time.monotonic()
    done = check(CONFIG, **given(well))
    assert time.monotonic() - begun < 90
    (line,) = (line for line in lines(done) if "OTC58" in line)
    assert "OTC580 service `desk`: " in line
    assert "has not answered" in line
    assert done.status == 3


def test_one_whose_answer_is_cut_off(check: Check, well: ScriptedHelpdesk) -> None:
    well.on("search", cut_off)
    done = check(CONFIG, **given(well))
    (line,) = lines(done)
    assert line.startswith("config.yml:2:3: OTC580 service `desk`: ")
    assert line.endswith("closed the connection")
    assert done.status == 3


def test_a_clock_that_is_wrong(
    check: Check, well: ScriptedHelpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def date(_: Handler, timestamp: float | None = None) -> str:
        return formatdate(time.time() - 7200, usegmt=True)

    monkeypatch.setattr(Handler, "date_time_string", date)
    done = check(CONFIG, **given(well))
    assert "OTC583 warning: service `desk`: the clock of the helpdesk is 7" in done.err


def test_services_are_asked_side_by_side(check: Check, well: ScriptedHelpdesk) -> None:
    together = threading.Barrier(4)

    def answer(handler: Handler) -> None:
        # Nobody goes on before all four are there; one after the other, none ever would.
        together.wait(15)
        say({"TicketID": ["7"]})(handler)

    well.on("search", answer)
    first = CONFIG.partition("  words:")[0]
    desks = "".join(
        first.partition("services:\n")[2].replace("desk:", f"desk{n}:")
        for n in range(4)
    )
    runners = "".join(
        f"    - pipe_id: r{n}\n"
        f"      pipe: {{use: FetchTickets, ticket_search_criteria: {{}},"
        f" injects: {{ticket_system: desk{n}}}}}\n"
        for n in range(4)
    )
    config = f"services:\n{desks}orchestrator:\n  runners:\n{runners}"
    done = check(config, **given(well))
    assert done.status == 0, done.err
