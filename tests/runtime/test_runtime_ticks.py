"""Ticks with work, and the place of a deployment's windows, on a real Prefect API."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect import Flow, flow, get_client, task
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterParentFlowRunId,
)
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.settings import get_current_settings
from prefect.states import Running

from otac.components import FetchTickets, SqliteTicketSystem, work_begins
from otac.runtime import Run, Stop, Template, Window
from otac.runtime import place as places
from otac.runtime.place import Lease

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_api")]

Calls = list[str]


def until(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def window_of(
    tick: Flow[..., Any], ticks: int, **parameters: Any
) -> tuple[State[Any], Window]:
    """A window of some ticks and no more: its final state, and itself."""
    windows: list[Window] = []

    @flow(name="window")
    async def window_flow() -> Any:
        async with Window(interval_seconds=0.01, window_seconds=600) as window:
            windows.append(window)
            async for each in window:
                await each.run(tick, **parameters)
                if window.ticks == ticks:
                    break
        return window.outcome()

    state: Any = asyncio.run(window_flow(return_state=True))
    return state, windows[0]


def children(state: State[Any]) -> list[FlowRun]:
    """The child runs of a window, the earliest first."""
    parent = state.state_details.flow_run_id
    assert isinstance(parent, UUID)

    async def read() -> list[FlowRun]:
        async with get_client() as client:
            family = FlowRunFilterParentFlowRunId(any_=[parent])
            return await client.read_flow_runs(
                flow_run_filter=FlowRunFilter(parent_flow_run_id=family)
            )

    return sorted(asyncio.run(read()), key=lambda run: str(run.start_time))


def tasks(run: FlowRun, count: int) -> dict[str, TaskRun]:
    """The task runs of a run by name; Prefect records them a little later."""

    async def read() -> list[TaskRun]:
        async with get_client() as client:
            chosen = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
            return await client.read_task_runs(flow_run_filter=chosen)

    def look() -> dict[str, TaskRun] | None:
        found = [one for one in asyncio.run(read()) if one.state]
        over = {one.name: one for one in found if one.state and one.state.is_final()}
        return over if len(over) == count else None

    found: dict[str, TaskRun] = until(look)
    return found


def test_a_tick_with_work_takes_what_its_probe_found() -> None:
    calls: Calls = []

    @task(name="fetch")
    async def fetch(run: Run) -> Any:
        calls.append("fetch")
        return {"tickets": run.params["tickets"]}

    @task(name="look")
    async def look(run: Run) -> Any:
        calls.append("look")
        if len(calls) < 6:
            raise Stop("no tickets")
        return {}

    @task(name="work")
    async def work(run: Run) -> Any:
        calls.append("work")
        text = Template("{{ get_pipe_result('fetch', 'tickets')[0] }}")
        return await run.call(echo, text=text)

    @flow(name="tick")
    async def tick(tickets: list[str]) -> Any:
        async with Run("tick", params={"tickets": tickets}) as run:
            await run.step("fetch", fetch, probe=True)
            await run.step("look", look, probe=True)
            await run.step("work", work)
        return run.outcome()

    state, _ = window_of(tick, 3, tickets=["1"])
    assert (state.name, state.message) == ("Completed", "3 ticks, 1 with work")
    assert calls == ["fetch", "look"] * 3 + ["work"]
    (run,) = children(state)
    assert run.state_name == "Completed"
    found = tasks(run, 3)
    assert {name: one.state_name for name, one in found.items()} == {
        "fetch": "Completed",
        "look": "Completed",
        "work": "Completed",
    }
    assert {one.run_count for one in found.values()} == {1}


def echo(text: str) -> str:
    return text


def test_a_probe_that_fails_has_the_attempts_of_its_policy() -> None:
    calls: Calls = []

    @task(name="fetch", retries=2, retry_delay_seconds=0)
    async def fetch(run: Run) -> Any:
        calls.append("fetch")
        raise ConnectionError("no route to host")

    @flow(name="tick")
    async def tick() -> Any:
        async with Run("tick") as run:
            await run.step("fetch", fetch, probe=True)
            await run.step("work", fetch)
        return run.outcome()

    state, window = window_of(tick, 1)
    reason = "step `fetch` failed after 3 attempts: ConnectionError: no route to host"
    assert state.name == "Failed"
    assert state.message == f"1 tick, 1 with work, 1 failed; the last one: {reason}"
    assert len(calls) == 3
    (run,) = children(state)
    assert run.state is not None
    assert (run.state.name, run.state.message) == ("Failed", reason)
    assert tasks(run, 1)["fetch"].run_count == 3
    assert window.failed == 1


def test_a_probe_that_recovers_within_its_attempts_is_no_failure() -> None:
    calls: Calls = []

    @task(name="fetch", retries=2, retry_delay_seconds=0)
    async def fetch(run: Run) -> Any:
        calls.append("fetch")
        if len(calls) == 1:
            raise ConnectionError("no route to host")
        raise Stop("no tickets")

    @flow(name="tick")
    async def tick() -> Any:
        async with Run("tick") as run:
            await run.step("fetch", fetch, probe=True)
        return run.outcome()

    state, window = window_of(tick, 1)
    assert (state.name, window.failed) == ("Completed", 0)
    (run,) = children(state)
    assert run.state is not None
    assert (run.state.name, run.state.message) == ("Stopped", "no tickets")


def test_a_window_goes_on_after_a_tick_that_failed() -> None:
    calls: Calls = []
    made: list[object] = []

    def service() -> object:
        made.append(object())
        return made[-1]

    @task(name="look")
    async def look(run: Run) -> Any:
        run.service(service)
        calls.append("look")
        if len(calls) == 2:
            raise ValueError("boom")
        raise Stop("no tickets")

    @flow(name="tick")
    async def tick() -> Any:
        async with Run("tick") as run:
            await run.step("look", look, probe=True)
        return run.outcome()

    state, window = window_of(tick, 4)
    assert (window.ticks, window.worked, window.failed) == (4, 1, 1)
    assert state.name == "Failed"
    # What may have been the reason is not used again.
    assert len(made) == 2


def test_work_that_begins_in_the_probe_is_a_run_from_then_on() -> None:
    seen: list[int] = []

    @task(name="process")
    async def process(run: Run) -> Any:
        return await run.call(works)

    async def works() -> int:
        async with get_client() as client:
            for number in range(600):
                found = await client.read_flow_runs(
                    flow_run_filter=FlowRunFilter(
                        parent_flow_run_id=FlowRunFilterParentFlowRunId(
                            any_=[UUID(parent())]
                        )
                    )
                )
                if number == 0:
                    work_begins()
                if found and found[0].state_name == "Running":
                    seen.append(number)
                    break
                await asyncio.sleep(0.1)
        return 42

    def parent() -> str:
        from prefect.runtime import flow_run

        return str(flow_run.id)

    @flow(name="tick")
    async def tick() -> Any:
        async with Run("tick") as run:
            await run.step("process", process, probe=True)
        return run.outcome()

    state, _ = window_of(tick, 1)
    assert state.name == "Completed"
    # It saw its own run while it still worked, and was called once.
    assert len(seen) == 1
    assert seen[0] > 0
    (run,) = children(state)
    assert tasks(run, 1)["process"].state_name == "Completed"


class TestPlace:
    """The thread's own times are shortened, so that nobody waits for half a minute."""

    @pytest.fixture(autouse=True)
    def _soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(places, "_LOOK_SECONDS", 0.05)
        monkeypatch.setattr(places, "_BEAT_SECONDS", 0.2)
        monkeypatch.setattr(places, "_HOLDER_SECONDS", 0.1)

    def test_one_holds_it_and_the_next_waits(self) -> None:
        deployment = uuid4()
        first, second = place(deployment), place(deployment)
        first.enter()
        until(lambda: first.held)
        second.enter()
        until(lambda: second.holder is not None)
        time.sleep(0.5)
        assert first.is_sure()
        assert not second.held
        first.leave()
        until(lambda: second.held)
        second.leave()
        assert not second.lost

    def test_other_deployments_have_other_places(self) -> None:
        first, second = place(uuid4()), place(uuid4())
        first.enter()
        second.enter()
        until(lambda: first.held and second.held)
        first.leave()
        second.leave()

    def test_of_several_that_wait_the_last_one_stays(self) -> None:
        deployment = uuid4()
        first = place(deployment)
        first.enter()
        until(lambda: first.held)
        second, third = (
            Lease(deployment, running(deployment, n), "a window", at(n)) for n in (2, 3)
        )
        for one in (second, third):
            one.enter()
        until(lambda: second.needless)
        assert not third.needless
        assert not second.held
        second.leave()
        first.leave()
        until(lambda: third.held)
        third.leave()

    def test_whoever_was_killed_while_he_waited_is_buried_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(places, "_CLEAN_SECONDS", 0.5)
        deployment = uuid4()
        dead = running(deployment, 1)
        later = Lease(deployment, running(deployment, 2), "a window", at(2))
        later.enter()
        until(lambda: read(dead).state_name == "Crashed")
        assert later.held
        assert not later.lost
        later.leave()

    def test_a_run_that_is_over_holds_nothing(self) -> None:
        deployment = uuid4()
        gone, late = place(deployment, run=uuid4()), place(deployment)
        gone.enter()
        until(lambda: gone.held)
        # There is no run of this id.
        late.enter()
        until(lambda: late.held)
        until(lambda: gone.lost)
        gone.leave()
        assert late.held
        late.leave()
        assert not late.lost

    def test_a_holder_that_was_killed_is_buried(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deployment = uuid4()
        run = running()
        dead, late = place(deployment, run=run), place(deployment)
        dead.enter()
        until(lambda: dead.held)
        monkeypatch.setattr(places, "_BEAT_SECONDS", 600.0)
        time.sleep(0.5)
        monkeypatch.setattr(places, "_LEASE_SECONDS", 1.0)
        late.enter()
        until(lambda: late.held)
        found = read(run)
        assert found.state is not None
        assert (found.state_name, found.state.message) == (
            "Crashed",
            "Its process is gone; a later window has taken over.",
        )
        late.leave()
        dead.leave()


def place(deployment: UUID, run: UUID | None = None) -> Lease:
    return Lease(deployment, running() if run is None else run, "a window")


def at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 12, minute, tzinfo=UTC)


def running(deployment: UUID | None = None, minute: int = 0) -> UUID:
    """A flow run that is running as far as Prefect knows."""

    @flow(name="somebody")
    def somebody() -> None: ...

    async def create() -> UUID:
        async with get_client() as client:
            run = await client.create_flow_run(somebody, state=Running())
            return run.id

    run = asyncio.run(create())
    if deployment is not None:
        _belongs(run, deployment, at(minute))
    return run


def _belongs(run: UUID, deployment: UUID, start: datetime) -> None:
    """Says so in the database: the API would want a whole deployment."""
    url = get_current_settings().server.database.connection_url
    assert url is not None
    path = url.get_secret_value().partition("///")[2]
    with closing(sqlite3.connect(path, timeout=30)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(
            "UPDATE flow_run SET deployment_id = ?, expected_start_time = ?"
            " WHERE id = ?",
            (str(deployment), start.strftime("%Y-%m-%d %H:%M:%S.000000"), str(run)),
        )
        database.commit()


def read(run: UUID) -> FlowRun:
    async def look() -> FlowRun:
        async with get_client() as client:
            return await client.read_flow_run(run)

    return asyncio.run(look())


def test_a_ticket_that_fails_in_each_tick_is_left_out(tmp_path: Path) -> None:
    """The probe fetched it, before there was a run."""
    seed = tmp_path / "seed.yml"
    tickets = "[{subject: a, queue: In}, {subject: b, queue: In}]"
    seed.write_text(f"queues: {{In: ''}}\ntickets: {tickets}\n", encoding="utf-8")
    system = SqliteTicketSystem(path=str(tmp_path / "helpdesk.db"), seed=str(seed))
    worked: list[str] = []

    def work_on(ticket: str) -> None:
        worked.append(ticket)
        if ticket == "1":
            raise ValueError("bad text")

    @task(name="fetch")
    async def fetch(run: Run) -> Any:
        criteria = {"queue": {"name": "In"}, "limit": 1}
        return await run.call(
            FetchTickets, ticket_search_criteria=criteria, ticket_system=system
        )

    @task(name="work")
    async def work(run: Run) -> Any:
        ticket = Template("{{ get_pipe_result('fetch', 'fetched_tickets')[0].id }}")
        return await run.call(work_on, ticket=ticket)

    @flow(name="poisoned")
    async def tick() -> Any:
        async with Run("poisoned") as run:
            await run.step("fetch", fetch, probe=True)
            await run.step("work", work)
        return run.outcome()

    _, window = window_of(tick, 4)
    assert worked == ["1", "1", "1", "2"]
    assert (window.worked, window.failed) == (4, 3)
