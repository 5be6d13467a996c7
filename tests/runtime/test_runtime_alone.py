"""Flows without Prefect's engine: what their modules say holds all the same."""

import asyncio
import time
from typing import Any

import pytest
from prefect import flow, task

from otac.runtime import Fail, Run, Stop
from otac.runtime.alone import run_alone


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a server is refused."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")


class Counting:
    """A component that fails a number of times."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.calls: list[float] = []
        self._failures = failures
        self._error = error or ValueError("boom")

    def __call__(self) -> dict[str, int]:
        self.calls.append(time.monotonic())
        if len(self.calls) <= self._failures:
            raise self._error
        return {"calls": len(self.calls)}


def steps(*named: tuple[str, Any], retries: int = 0, **options: Any) -> Any:
    @flow(name="a", retries=retries, **options)
    async def play() -> Any:
        async with Run("a") as run:
            for name, body in named:
                await run.step(name, body)
        return run.outcome()

    return play


def test_attempts_and_the_delays_between_them() -> None:
    counting = Counting(2)

    @task(retries=3, retry_delay_seconds=[0.05, 0.2])
    async def first(run: Run) -> Any:
        return await run.call(counting)

    state = asyncio.run(run_alone(steps(("first", first)), {}))
    assert (state.name, state.data) == ("Completed", {"first": {"calls": 3}})
    one, two, three = counting.calls
    assert two - one >= 0.05
    assert three - two >= 0.2


def test_the_last_attempt_decides() -> None:
    @task(retries=1)
    async def first(run: Run) -> Any:
        return await run.call(Counting(9))

    state = asyncio.run(run_alone(steps(("first", first)), {}))
    assert state.is_failed()
    reason = "step `first` failed after 2 attempts: ValueError: boom"
    assert state.message == reason


def test_fail_is_not_tried_again() -> None:
    counting = Counting(9, Fail("never"))

    @task(retries=5)
    async def first(run: Run) -> Any:
        return await run.call(counting)

    state = asyncio.run(run_alone(steps(("first", first)), {}))
    assert state.message == "step `first` failed: never"
    assert len(counting.calls) == 1


def test_stop_ends_the_run_well() -> None:
    later = Counting(0)

    @task
    async def first(run: Run) -> Any:
        return await run.call(Counting(9, Stop("enough")))

    @task
    async def second(run: Run) -> Any:
        return await run.call(later)

    flow = steps(("first", first), ("second", second))
    state = asyncio.run(run_alone(flow, {}))
    assert (state.name, state.message) == ("Stopped", "enough")
    assert state.is_completed()
    assert later.calls == []


def test_timeouts() -> None:
    @task(timeout_seconds=0.05)
    async def first(run: Run) -> Any:
        await asyncio.sleep(60)

    state = asyncio.run(run_alone(steps(("first", first)), {}))
    assert state.message == "step `first` failed: timed out after 0.05 s"


def test_a_run_that_is_tried_again_does_nothing_twice() -> None:
    once, twice = Counting(0), Counting(1)

    @task
    async def first(run: Run) -> Any:
        return await run.call(once)

    @task
    async def second(run: Run) -> Any:
        return await run.call(twice)

    flow = steps(("first", first), ("second", second), retries=1)
    state = asyncio.run(run_alone(flow, {}))
    assert state.name == "Completed"
    assert (len(once.calls), len(twice.calls)) == (1, 2)


def test_hooks_are_called() -> None:
    told: list[tuple[str, str | None]] = []

    def note(flow: Any, flow_run: Any, state: Any) -> None:
        told.append((flow_run.name[:2], state.message))

    def broken(flow: Any, flow_run: Any, state: Any) -> None:
        raise RuntimeError("not my day")

    @task
    async def first(run: Run) -> Any:
        return await run.call(Counting(1))

    flow = steps(("first", first), on_failure=[broken, note])
    asyncio.run(run_alone(flow, {}))
    assert told == [("a-", "step `first` failed: ValueError: boom")]


def test_parameters_are_those_of_the_flow() -> None:
    @flow
    async def play(count: int = 3) -> Any:
        return {"count": count}

    assert asyncio.run(run_alone(play, {"count": "4"})).data == {"count": 4}
    assert asyncio.run(run_alone(play, {})).data == {"count": 3}
