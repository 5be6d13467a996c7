"""Tickets that make every run fail are left out for a while."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, task

from otac.components import FetchTickets, SqliteTicketSystem, Unavailable
from otac.components.claims import Claims
from otac.components.setbacks import left_out_seconds
from otac.components.sqlite.claim_file import claim_file
from otac.runtime import Run
from otac.runtime.alone import run_alone

HOUR = 3600.0


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")


class Desk:
    """A queue of tickets 1 to 4, and runs that work on the first ones of it."""

    def __init__(self, folder: Path) -> None:
        seed = folder / "seed.yml"
        subjects = "".join(f"  - {{subject: s{n}, queue: In}}\n" for n in range(1, 5))
        seed.write_text(f"queues: {{In: ''}}\ntickets:\n{subjects}", encoding="utf-8")
        self.path = folder / "helpdesk.db"
        self.system = SqliteTicketSystem(path=str(self.path), seed=str(seed))
        self.worked: list[str] = []
        self.poison: dict[str, Exception] = {}

    def run(
        self, *, limit: int = 1, each: bool = False, named: bool = False, **fetch: Any
    ) -> Any:
        """The final state; `worked` are the tickets that it got to."""
        self.worked = []

        def work(ticket: Any, ticket_id: str | None = None) -> None:
            self.worked.append(ticket["id"])
            if error := self.poison.get(ticket["id"]):
                raise error

        @task
        async def first(run: Run) -> Any:
            criteria = {"queue": {"name": "In"}, "limit": limit}
            return await run.call(
                FetchTickets,
                ticket_search_criteria=criteria,
                ticket_system=self.system,
                **fetch,
            )

        found: list[Any] = []

        @task
        async def second(run: Run) -> Any:
            # What a template would come to.
            ticket = (
                run._scope.nearest_item.value if run._scope.nearest_item else found[0]
            )
            more = {"ticket_id": ticket["id"]} if named else {}
            return await run.call(work, ticket=ticket, **more)

        @flow(name="desk")
        async def desk() -> Any:
            async with Run("desk") as run:
                await run.step("fetch", first)
                found.extend(run._scope.get_pipe_result("fetch", "fetched_tickets"))
                items = {"for_each": found} if each else {}
                if found:
                    await run.step("work", second, **items)
            return run.outcome()

        return asyncio.run(run_alone(desk, {}))

    def wait(self, seconds: float) -> None:
        """As if so much time had passed."""
        with sqlite3.connect(self.path) as database:
            database.execute(
                "UPDATE setbacks SET left_out_until = left_out_until - ?"
                " WHERE left_out_until > 0",
                (seconds,),
            )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_after_three_failed_runs_the_next_ticket_has_its_turn(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "otac.runtime")
    desk.poison["1"] = ValueError("bad text")
    for _ in range(3):
        assert desk.run().is_failed()
        assert desk.worked == ["1"]
    assert "ticket 1 is set aside until" in caplog.text
    assert "its runs failed 3 times in a row" in caplog.text
    assert desk.run().is_completed()
    assert desk.worked == ["2"]
    # An hour later it is tried again, and then left out for two.
    desk.wait(HOUR + 1)
    desk.run()
    assert desk.worked == ["1"]
    desk.wait(HOUR + 1)
    desk.run()
    assert desk.worked == ["2"]
    desk.wait(HOUR + 1)
    desk.run()
    assert desk.worked == ["1"]


def test_who_recovers_starts_anew(desk: Desk) -> None:
    desk.poison["1"] = ValueError("bad text")
    desk.run()
    desk.run()
    desk.poison.clear()
    assert desk.run().is_completed()
    desk.poison["1"] = ValueError("bad text")
    for _ in range(3):
        desk.run()
        assert desk.worked == ["1"]
    desk.run()
    assert desk.worked == ["2"]


@pytest.mark.parametrize(
    "error", [Unavailable("down"), ConnectionError("no route"), TimeoutError("late")]
)
def test_no_ticket_is_to_blame_for_an_outage(desk: Desk, error: Exception) -> None:
    desk.poison["1"] = error
    for _ in range(6):
        assert desk.run().is_failed()
        assert desk.worked == ["1"]


def test_an_item_of_many_is_left_out_alone(desk: Desk) -> None:
    desk.poison["2"] = ValueError("bad text")
    for _ in range(3):
        desk.run(limit=3, each=True)
        assert sorted(desk.worked) == ["1", "2", "3"]
    desk.run(limit=3, each=True)
    assert sorted(desk.worked) == ["1", "3", "4"]


def test_of_several_the_one_that_the_step_names_is_to_blame(desk: Desk) -> None:
    desk.poison["1"] = ValueError("bad text")
    for _ in range(3):
        desk.run(limit=3, named=True)
    desk.run(limit=3, named=True)
    assert desk.worked == ["2"]


def test_of_several_none_is_blamed_where_nobody_knows(desk: Desk) -> None:
    desk.poison["1"] = ValueError("bad text")
    for _ in range(5):
        desk.run(limit=3)
        assert desk.worked == ["1"]


@pytest.mark.parametrize("after", [0, 1, 5])
def test_the_configuration_says_after_how_many(desk: Desk, after: int) -> None:
    desk.poison["1"] = ValueError("bad text")
    for _ in range(after or 9):
        desk.run(set_aside_after=after)
        assert desk.worked == ["1"]
    desk.run(set_aside_after=after)
    assert desk.worked == (["2"] if after else ["1"])


def test_a_queue_of_nothing_else_is_empty(desk: Desk) -> None:
    for ticket in "1234":
        desk.poison[ticket] = ValueError("bad text")
    for _ in range(12):
        assert desk.run().is_failed()
    assert desk.run().is_completed()
    assert desk.worked == []


@pytest.mark.parametrize(
    ("runs", "seconds"),
    [
        (2, 0),
        (3, HOUR),
        (4, 2 * HOUR),
        (7, 16 * HOUR),
        (8, 24 * HOUR),
        (900, 24 * HOUR),
    ],
)
def test_how_long_one_is_left_out(runs: int, seconds: float) -> None:
    assert left_out_seconds(runs, 3) == seconds


def test_a_helpdesk_keeps_them_beside_the_claims(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"

    def file(system: str) -> Claims:
        return claim_file(str(path), system)

    async def play() -> None:
        one, other = file("a"), file("b")
        assert await one.setbacks("p") == {}
        # Whoever only looks leaves nothing behind.
        assert not path.exists()
        for run in ("r1", "r1", "r2"):
            await one.set_back("p", "7", run=run, after=2)
        (setback,) = (await one.setbacks("p")).values()
        assert setback.runs == 2
        assert 0.9 * HOUR < setback.seconds <= HOUR
        assert await other.setbacks("p") == await one.setbacks("q") == {}
        await one.recovered("p", ["7"])
        assert await one.setbacks("p") == {}
        await one.close()
        await other.close()

    asyncio.run(play())


def test_a_store_from_before_has_none(desk: Desk) -> None:
    async def play(use: Callable[[SqliteTicketSystem], Any]) -> Any:
        return await use(desk.system)

    def recovered(ids: Sequence[str]) -> Any:
        return asyncio.run(play(lambda system: system.recovered("p", ids)))

    assert asyncio.run(play(lambda system: system.setbacks("p"))) == {}
    recovered(["1"])
    with sqlite3.connect(desk.path) as database:
        names = database.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("claims",) in names
    assert ("setbacks",) not in names
