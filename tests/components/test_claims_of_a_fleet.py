"""Workers with a disk each on one queue, on a very bad day: each ticket once, and none lost."""

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from background import Background, until
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

_TICKETS = 200
_WORKERS = 4
_LEASE_SECONDS = 12
_NAME = "otac claims"

# One that ends when the queue is empty, and goes on after whatever else.
_WORKER = f"""
import asyncio, os, sys
from otac.components import (
    Fail, KeywordClassifier, OTOBOZnunyTicketSystem, ProcessTickets, Stop, construct, invoke
)
from otac.components import worklist
from otac.components.claims import postgres

worklist.LEASE_SECONDS = {_LEASE_SECONDS}
system = construct(OTOBOZnunyTicketSystem, {{
    "base_url": sys.argv[1], "claims": sys.argv[2], "username": "{AGENT}",
    "password": "{PASSWORD}", "claims_path": None,
}})
classifier = construct(KeywordClassifier, {{"labels": {{"Billing": ["invoice"]}}}})


async def main():
    while True:
        try:
            await invoke(ProcessTickets, {{
                "ticket_system": system, "classification_service": classifier,
                "queue": "Incoming", "limit": 20, "queues": {{"Billing": "invoice"}},
                "min_confidence": 0.0, "priorities": {{}},
            }})
        except Stop as stop:
            print(stop, flush=True)
            if "empty" in str(stop):
                break
            await asyncio.sleep(0.5)
        except Fail:
            raise
        except Exception as error:
            print(type(error).__name__, error, flush=True)
            await asyncio.sleep(0.2)
    await system.aclose()


asyncio.run(main())
"""


class _Desk(ScriptedHelpdesk):
    """Tickets that are moved and get notes, as a helpdesk has them."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = Lock()
        self.notes: dict[int, list[str]] = {n: [] for n in range(1, _TICKETS + 1)}
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


class _Fleet:
    def __init__(self, desk: _Desk, claims: str, folder: Path) -> None:
        self._arguments = [desk.url, claims]
        self._folder = folder
        self._workers: list[Background] = []
        self._started = 0
        self.killed = 0

    def keep(self, number: int) -> None:
        """As many as that work; whoever is missing is started, with an empty disk."""
        assert all(one.status in (None, 0, -9) for one in self._workers), self.said()
        self._workers = [one for one in self._workers if one.status is None]
        while len(self._workers) < number:
            self._started += 1
            disk = self._folder / f"disk-{self._started}"
            disk.mkdir()
            command = [sys.executable, "-c", _WORKER, *self._arguments]
            log = self._folder / f"worker-{self._started}.log"
            self._workers.append(Background(command, disk, log, {"PATH": ""}))

    def kill(self, chance: random.Random) -> None:
        with suppress(ProcessLookupError):
            chance.choice(self._workers).signal(signal.SIGKILL)
            self.killed += 1

    def freeze(self) -> Background:
        self._workers[0].send(signal.SIGSTOP)
        return self._workers.pop(0)

    def adopt(self, worker: Background) -> None:
        worker.send(signal.SIGCONT)
        self._workers.append(worker)

    def has_ended(self) -> bool:
        return all(one.status is not None for one in self._workers)

    def end(self) -> None:
        for worker in self._workers:
            with suppress(ProcessLookupError):
                worker.kill()

    def said(self) -> str:
        logs = self._folder.glob("worker-*.log")
        return "".join(log.read_text(errors="replace") for log in logs)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_workers_handle_two_hundred_tickets_once_each(
    postgres: Postgres, tmp_path: Path
) -> None:
    postgres.sql("DROP SCHEMA IF EXISTS otac CASCADE")
    chance = random.Random(14)
    with _Desk() as desk:
        fleet = _Fleet(desk, postgres.url, tmp_path)
        frozen: Background | None = None
        stopped: list[int] = []
        try:
            _let_work(fleet, desk, chance, 160)
            postgres.crash()
            began = time.monotonic()
            while time.monotonic() - began < 10:
                fleet.keep(_WORKERS)
                time.sleep(1)
            postgres.start()
            _let_work(fleet, desk, chance, 110)
            # As if the network were away: nobody answers, and nothing is closed. Not for
            # ever: one that is stopped while it writes holds up the whole database.
            stopped = postgres.freeze(_NAME)
            assert stopped
            time.sleep(8)
            _thaw(stopped)
            _let_work(fleet, desk, chance, 70)
            frozen = fleet.freeze()
            began = time.monotonic()
            _let_work(fleet, desk, chance, 30)
            time.sleep(max(0.0, began + _LEASE_SECONDS + 3 - time.monotonic()))
            fleet.adopt(frozen)
            frozen = None
            _let_work(fleet, desk, chance, 0)
            until("the workers' end", lambda: fleet.has_ended() or None)
        finally:
            if frozen is not None:
                fleet.adopt(frozen)
            _thaw(stopped)
            fleet.end()
            desk.shutdown()
        notes = desk.notes
    assert fleet.killed >= 5
    # Neither lost, nor done twice.
    assert [number for number, bodies in notes.items() if len(bodies) != 1] == []
    assert all("process:Incoming]" in bodies[0] for bodies in notes.values())
    # Nobody knew of anybody else's disk.
    assert not list(tmp_path.glob("disk-*/*")), fleet.said()


def _thaw(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _let_work(fleet: _Fleet, desk: _Desk, chance: random.Random, left: int) -> None:
    """Until so many tickets are left; somebody is killed at first, and for every ten."""
    fleet.keep(_WORKERS)
    fleet.kill(chance)
    next_kill = desk.left() - 10

    def look() -> bool | None:
        if desk.left() <= left:
            return True
        fleet.keep(_WORKERS)
        nonlocal next_kill
        if desk.left() <= next_kill:
            fleet.kill(chance)
            next_kill = desk.left() - 10
        return None

    try:
        until(f"{left} tickets left", look)
    except AssertionError as error:
        raise AssertionError(
            f"{error}: {desk.left()} left\n{fleet.said()[-4000:]}"
        ) from None
