"""`otac train` reads a helpdesk that answers badly, slowly, or not to the end."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from background import PATIENCE, until
from command import OTAC, otac
from desk import desk
from otac.models.card import read_card
from scripted_helpdesk import (
    AGENT,
    PASSWORD,
    Answer,
    Handler,
    ScriptedHelpdesk,
    article,
    error,
    say,
    slow,
    ticket,
)
from terminal import Terminal

pytest.importorskip("sklearn")

_NUMBER = 240
_PAGE = 100
_REFUSED = error("TicketGet.AuthFail", "the helpdesk is being updated")
_CLOSED = [
    ticket(
        int(one.id),
        article(one.body, Subject=one.subject, SenderType="customer"),
        Queue=one.queue,
        Created=f"{one.created:%Y-%m-%d %H:%M:%S}",
    )
    for one in desk(_NUMBER)
]


def tickets(handler: Handler) -> None:
    """Those that were asked for."""
    ids = {int(one) for one in handler.server.asked[-1][1]["TicketID"]}
    say({"Ticket": [one for one in _CLOSED if one["TicketID"] in ids]})(handler)


@pytest.fixture
def helpdesk() -> Iterator[ScriptedHelpdesk]:
    with ScriptedHelpdesk() as server:
        server.on("search", say({"TicketID": [one["TicketID"] for one in _CLOSED]}))
        server.on("get", tickets)
        yield server
        server.shutdown()


@pytest.fixture
def project(helpdesk: ScriptedHelpdesk, tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(
        f"""
services:
  - id: ticket_system
    use: OTOBOZnunyTicketSystem
    base_url: {helpdesk.url}
    username: {AGENT}
    password: {PASSWORD}
    retries: 0
  - {{id: classification_service, use: TrainedClassifier, model: models/queues.otac}}
orchestrator:
  runners:
    - pipe_id: router
      interval_seconds: 300
      pipe: {{use: ProcessTickets, queue: Incoming, priorities: {{}}}}
""",
        encoding="utf-8",
    )
    return tmp_path


def asked(server: ScriptedHelpdesk) -> list[str]:
    """The ids of the tickets that were asked for, in order."""
    return [
        str(one)
        for what, data in server.asked
        if what == "get"
        for one in data["TicketID"]
    ]


def kept(project: Path) -> list[str]:
    """The lines that are kept of an unfinished reading."""
    folder = project / ".otac" / "history"
    files = list(folder.iterdir()) if folder.exists() else []
    return [line for one in files for line in one.read_text().splitlines() if line]


def goes_on(project: Path, helpdesk: ScriptedHelpdesk) -> None:
    """The same command asks for the second and the third page, and has all tickets."""
    helpdesk.on("get", tickets)
    helpdesk.asked.clear()
    done = otac("train", "config.yml", cwd=project, timeout=300)
    assert done.status == 0, done.err
    card = read_card(project / "models" / "queues.otac")
    assert card["tickets"]["read"] == _NUMBER
    assert kept(project) == []


def test_a_helpdesk_that_fails_in_the_middle(
    project: Path, helpdesk: ScriptedHelpdesk
) -> None:
    helpdesk.on("get", tickets, _REFUSED)
    done = otac("train", "config.yml", cwd=project, timeout=300)
    assert (done.status, done.out) == (3, "")
    assert "error[OTC571]: the tickets of `ticket_system` cannot be read: " in done.err
    assert "run the same command again" in done.err
    assert "100 tickets that were read are kept for it" in done.err
    assert not (project / "models").exists()
    first = asked(helpdesk)[:_PAGE]
    goes_on(project, helpdesk)
    assert set(asked(helpdesk)).isdisjoint(first)
    assert len(asked(helpdesk)) == _NUMBER - _PAGE


def test_what_nobody_came_back_for_is_removed_after_a_day(
    project: Path, helpdesk: ScriptedHelpdesk
) -> None:
    """They are customers' tickets."""
    helpdesk.on("get", tickets, _REFUSED)
    for newest in ("200", "220"):
        done = otac("train", "config.yml", "--newest", newest, cwd=project)
        assert done.status == 3
    folder = project / ".otac" / "history"
    old, young = sorted(folder.iterdir())
    yesterday = time.time() - 86_500
    os.utime(old, (yesterday, yesterday))
    otac("train", "config.yml", cwd=project)
    assert not old.exists()
    assert young.exists()


def test_a_page_that_was_written_in_part_is_read_again(
    project: Path, helpdesk: ScriptedHelpdesk
) -> None:
    """The machine went down, or its disk was full."""
    helpdesk.on("get", tickets, _REFUSED)
    otac("train", "config.yml", cwd=project, timeout=300)
    (store,) = (project / ".otac" / "history").iterdir()
    store.write_bytes(store.read_bytes()[:-20])
    goes_on(project, helpdesk)
    assert len(asked(helpdesk)) == _NUMBER - _PAGE + 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_between_two_pages(
    project: Path, helpdesk: ScriptedHelpdesk, number: int
) -> None:
    helpdesk.on("get", tickets, slow(60, _REFUSED))
    process = subprocess.Popen(
        [OTAC, "train", "config.yml"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until("the second page is asked for", lambda: asked(helpdesk)[_PAGE:] or None)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == (
        "interrupted: 100 tickets that were read are kept; the same command goes on\n"
    )
    assert len(kept(project)) == _PAGE
    assert not (project / "models").exists()
    goes_on(project, helpdesk)
    assert len(asked(helpdesk)) == _NUMBER - _PAGE


def timed(times: list[float], answer: Answer) -> Answer:
    def at(handler: Handler) -> None:
        times.append(time.monotonic())
        answer(handler)

    return at


def test_it_asks_five_times_a_second_at_most(
    project: Path, helpdesk: ScriptedHelpdesk
) -> None:
    """From one request to the last at least a fifth of a second for each in between."""
    many = [one for start in range(0, 800, _NUMBER) for one in _copies(start)][:800]
    times: list[float] = []
    helpdesk.on("search", say({"TicketID": [one["TicketID"] for one in many]}))
    helpdesk.on("get", timed(times, say({"Ticket": many[:1]})))
    begun = time.monotonic()
    otac("train", "config.yml", cwd=project, timeout=300)
    assert len(times) == 8
    assert times[-1] - begun >= 7 * 0.2


def test_it_is_no_faster_where_one_ticket_is_gone(
    project: Path, helpdesk: ScriptedHelpdesk
) -> None:
    """One that was removed since spoils its page: the others are asked for one by one."""
    times: list[float] = []
    gone = error("TicketGet.AccessDenied", "User does not have access to the ticket!")

    def get(handler: Handler) -> None:
        ids = handler.server.asked[-1][1]["TicketID"]
        (gone if "3" in map(str, ids) else tickets)(handler)

    helpdesk.on("search", say({"TicketID": list(range(1, 13))}))
    helpdesk.on("get", timed(times, get))
    otac("train", "config.yml", cwd=project, timeout=300)
    assert len(times) == 13
    assert times[-1] - times[0] >= 11 * 0.2


def _copies(start: int) -> list[dict[str, object]]:
    return [{**one, "TicketID": one["TicketID"] + start} for one in _CLOSED]


@pytest.fixture
def terminal(project: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*command: str | Path) -> Terminal:
        opened.append(Terminal(list(command), project, 100, 30))
        return opened[-1]

    yield open_one
    for one in opened:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait(30)
        one.close()


def test_progress_is_shown_on_a_terminal(
    helpdesk: ScriptedHelpdesk, terminal: Callable[..., Terminal]
) -> None:
    seen = threading.Event()

    def held(handler: Handler) -> None:
        # The second page waits until somebody has seen what is told of the first.
        assert seen.wait(PATIENCE)
        tickets(handler)

    helpdesk.on("get", slow(1, tickets), held, tickets)
    screen = terminal(OTAC, "train", "config.yml")
    screen.wait_for("reading tickets: 100 of 240")
    seen.set()
    assert screen.process.wait(300) == 0
    shown = screen.see("the end", lambda text: "otac written" in text)
    assert "queue: 240 tickets, 4 labels" in shown
    # The line of progress is gone.
    assert "reading tickets" not in shown
    assert "the model of all tickets" not in shown


def test_nothing_is_drawn_where_nobody_looks(
    project: Path, helpdesk: ScriptedHelpdesk, terminal: Callable[..., Terminal]
) -> None:
    piped = otac("train", "config.yml", cwd=project, timeout=300)
    assert "reading" not in piped.err
    assert "\x1b" not in piped.err + piped.out
    screen = terminal(OTAC, "train", "config.yml", "--quiet")
    assert screen.process.wait(300) == 0
    assert b"reading" not in screen.raw
    asked_for_json = terminal(OTAC, "train", "config.yml", "--format", "json")
    assert asked_for_json.process.wait(300) == 0
    shown = until("the card", lambda: _whole(asked_for_json.raw))
    assert shown["source"] == "closed tickets of `ticket_system`"


def _whole(raw: bytes) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(raw)
    except ValueError:
        return None
    return found
