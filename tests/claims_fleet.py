"""Workers that share a queue through claims in PostgreSQL, on a very bad day."""

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from background import Background, until
from stores import Postgres

TICKETS = 200
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

worklist.LEASE_SECONDS = {_LEASE_SECONDS}
system = construct(OTOBOZnunyTicketSystem, {{
    "base_url": sys.argv[1], "claims": sys.argv[2], "username": sys.argv[3],
    "password": sys.argv[4], "claims_path": None,
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


class Desk(Protocol):
    """A helpdesk, and how many tickets are left in `Incoming`."""

    @property
    def url(self) -> str: ...
    @property
    def agent(self) -> str: ...
    @property
    def password(self) -> str: ...
    def left(self) -> int: ...


class Fleet:
    """Workers on a queue, with a disk each; those that are gone are replaced."""

    def __init__(self, desk: Desk, claims: str, folder: Path) -> None:
        self._desk = desk
        self._arguments = [desk.url, claims, desk.agent, desk.password]
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

    def work(self, chance: random.Random, left: int) -> None:
        """Until so many tickets are left; somebody is killed at first, and for every ten."""
        self.keep(_WORKERS)
        self.kill(chance)
        next_kill = self._desk.left() - 10

        def look() -> bool | None:
            if self._desk.left() <= left:
                return True
            self.keep(_WORKERS)
            nonlocal next_kill
            if self._desk.left() <= next_kill:
                self.kill(chance)
                next_kill = self._desk.left() - 10
            return None

        try:
            until(f"{left} tickets left", look)
        except AssertionError as error:
            raise AssertionError(
                f"{error}: {self._desk.left()} left\n{self.said()[-4000:]}"
            ) from None


def bad_day(desk: Desk, postgres: Postgres, folder: Path) -> Fleet:
    """Workers are killed, the database crashes, is away and stands still, and one worker is
    frozen for longer than its claim; returns when the queue is empty and all have ended.
    """
    postgres.sql("DROP SCHEMA IF EXISTS otac CASCADE")
    chance = random.Random(14)
    fleet = Fleet(desk, postgres.url, folder)
    frozen: Background | None = None
    stopped: list[int] = []
    try:
        fleet.work(chance, 160)
        postgres.crash()
        began = time.monotonic()
        while time.monotonic() - began < 10:
            fleet.keep(_WORKERS)
            time.sleep(1)
        postgres.start()
        fleet.work(chance, 110)
        # As if the network were away: nobody answers, and nothing is closed. Not for
        # ever: one that is stopped while it writes holds up the whole database.
        fleet.keep(_WORKERS)
        # Those that have just started are not there yet.
        stopped = until("a connection", lambda: postgres.freeze(_NAME) or None)
        time.sleep(8)
        _thaw(stopped)
        fleet.work(chance, 70)
        frozen = fleet.freeze()
        began = time.monotonic()
        fleet.work(chance, 30)
        time.sleep(max(0.0, began + _LEASE_SECONDS + 3 - time.monotonic()))
        fleet.adopt(frozen)
        frozen = None
        fleet.work(chance, 0)
        until("the workers' end", lambda: fleet.has_ended() or None)
    finally:
        if frozen is not None:
            fleet.adopt(frozen)
        _thaw(stopped)
        fleet.end()
    assert fleet.killed >= 5
    # Nobody knew of anybody else's disk.
    assert not list(folder.glob("disk-*/*")), fleet.said()
    return fleet


def _thaw(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
