"""Windows and their ticks, as far as they need no Prefect API."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from threading import Event
from time import monotonic
from typing import Any

import pytest
from prefect import Flow, Task, flow, task

from otac.components import work_begins
from otac.runtime import Run, Stop, Template, Window
from otac.runtime.phase import Phase
from otac.runtime.probe import Probe, Probing, Work
from otac.runtime.resources import Resources


def step(function: Callable[[Run], Awaitable[Any]], **options: Any) -> Task[[Run], Any]:
    made: Task[[Run], Any] = task(**options)(function)
    return made


def tick_of(body: Callable[[Run], Awaitable[None]]) -> Flow[[], Any]:
    async def tick() -> Any:
        async with Run("tick") as run:
            await body(run)
        return run.outcome()

    made: Flow[[], Any] = flow(tick)
    return made


def probed(body: Callable[[Run], Awaitable[None]]) -> Probe:
    """A probe after the plain call of a tick."""

    async def go() -> Probe:
        probe = Probe(Resources())
        try:
            with Probing(probe):
                await tick_of(body).fn()
        except Work:
            pass
        finally:
            await probe.close()
        return probe

    return asyncio.run(go())


async def nothing(run: Run) -> Any:
    return {}


async def stops(run: Run) -> Any:
    raise Stop("no tickets")


async def breaks(run: Run) -> Any:
    raise ConnectionError("no route to host")


async def forbidden(run: Run) -> Any:
    raise AssertionError("this is no step of the probe")


class TestPhase:
    def test_ticks_keep_their_beat(self) -> None:
        phase = Phase(0.1, 1000.0)
        for number in range(1, 10_001):
            # Each takes some time, and the clock is read a little late.
            phase.ended(phase.due + 0.03, failed=False)
            assert phase.due == 1000.0 + number * 0.1

    def test_a_long_tick_delays_the_next_to_its_beat(self) -> None:
        phase = Phase(0.5, 0.0)
        assert phase.ended(1.2, failed=False) == pytest.approx(0.3)
        assert phase.due == 1.5
        phase.ended(1.6, failed=False)
        assert phase.due == 2.0

    def test_the_pause_after_failures_grows_to_a_minute(self) -> None:
        phase, now, pauses = Phase(0.5, 0.0), 0.0, []
        for _ in range(12):
            pauses.append(phase.ended(now, failed=True))
            now = phase.due
        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]
        assert phase.ended(now, failed=False) == 0.5

    def test_a_long_interval_is_pause_enough(self) -> None:
        phase = Phase(300.0, 0.0)
        assert phase.ended(1.0, failed=True) == 299.0


class TestProbe:
    def test_a_tick_without_work_ends_where_it_stops(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, "otac.runtime")

        async def body(run: Run) -> None:
            await run.step("skipped", step(forbidden), when=False, probe=True)
            await run.step("look", step(stops), probe=True)
            await run.step("work", step(forbidden))

        probe = probed(body)
        assert str(probe.stopped) == "no tickets"
        assert not probe.failed
        assert [r for r in caplog.records if r.name.startswith("otac")] == []

    def test_it_goes_no_further_than_its_steps(self) -> None:
        async def body(run: Run) -> None:
            await run.step("look", step(nothing), probe=True)
            await run.step("work", step(forbidden))

        probe = probed(body)
        assert probe.stopped is None
        assert not probe.failed
        assert probe.take("tick/look") is not None
        assert probe.take("tick/look") is None

    def test_it_goes_into_composites_and_loops(self) -> None:
        seen: list[Any] = []

        async def see(run: Run) -> Any:
            seen.append(str(run))
            return {}

        async def inner(run: Run) -> None:
            await run.step("see", step(see), probe=True)
            await run.step("look", step(stops), probe=True)

        async def body(run: Run) -> None:
            await run.step("each", step(see), for_each=[1, 2], probe=True)
            await run.step("group", inner, probe=True)

        assert probed(body).stopped is not None
        assert seen == ["each[0]", "each[1]", "group.see"]

    def test_a_step_whose_condition_stops(self) -> None:
        async def body(run: Run) -> None:
            condition = Template("{{ stop('it is night') }}")
            await run.step("work", step(forbidden), when=condition, probe=True)

        assert str(probed(body).stopped) == "it is night"

    @pytest.mark.parametrize("on_error", ["stop", "continue"])
    def test_a_failure_is_left_to_the_run(self, on_error: Any) -> None:
        async def body(run: Run) -> None:
            await run.step("look", step(breaks), probe=True, on_error=on_error)
            await run.step("later", step(stops), probe=True)

        probe = probed(body)
        assert probe.failed
        assert probe.stopped is None

    def test_a_wrong_expression_is_left_to_the_run(self) -> None:
        async def body(run: Run) -> None:
            condition = Template("{{ get_pipe_result('x') }}")
            await run.step("look", step(forbidden), when=condition, probe=True)

        assert probed(body).failed

    def test_a_timeout_holds_for_the_plain_call(self) -> None:
        ended: list[str] = []

        async def hangs(run: Run) -> Any:
            try:
                await asyncio.sleep(60)
            finally:
                ended.append("cleaned up")

        async def body(run: Run) -> None:
            await run.step("look", step(hangs, timeout_seconds=0.05), probe=True)

        probe = probed(body)
        assert probe.failed
        assert ended == ["cleaned up"]
        plain = probe.take("tick/look")
        assert plain is not None
        with pytest.raises(TimeoutError, match=r"timed out after 0\.05 s"):
            asyncio.run(plain.get())

    def test_work_that_begins_is_left_to_the_run(self) -> None:
        begun = Event()
        events: list[str] = []

        def works() -> None:
            work_begins()
            begun.set()

        async def long(run: Run) -> Any:
            try:
                await run.call(works)
                await asyncio.sleep(60)
            finally:
                events.append("cancelled")

        async def body(run: Run) -> None:
            await run.step("look", step(long), probe=True)

        probe = probed(body)
        assert not probe.failed
        # Nobody took it over, so it was ended; the thread of a function goes on.
        assert events == ["cancelled"]
        assert begun.wait(60)

    def test_without_a_window_beginning_to_work_means_nothing(self) -> None:
        work_begins()

    def test_flows_that_a_step_calls_are_no_ticks(self) -> None:
        async def inner(run: Run) -> None:
            raise AssertionError

        async def calls(run: Run) -> Any:
            async with Run("another") as other:
                await other.step("inner", inner)
            return {}

        async def body(run: Run) -> None:
            await run.step("look", step(calls), probe=True)

        # The inner step is run, and fails as any other does: it is not taken for work.
        assert not probed(body).failed


class Helpdesk:
    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


class TestWindow:
    def test_it_ticks_until_it_ends(self) -> None:
        made: list[Helpdesk] = []

        def helpdesk() -> Helpdesk:
            made.append(Helpdesk())
            return made[-1]

        async def look(run: Run) -> Any:
            run.service(helpdesk)
            raise Stop("no tickets")

        async def body(run: Run) -> None:
            await run.step("look", step(look), probe=True)

        async def go() -> Window:
            async with Window(interval_seconds=0.05, window_seconds=0.5) as window:
                async for tick in window:
                    await tick.run(tick_of(body))
                    assert not made[0].closed
            return window

        begun = monotonic()
        window = asyncio.run(go())
        assert monotonic() - begun >= 0.5
        # Ten, and fewer on a machine that has no time for them.
        assert 2 <= window.ticks <= 11
        assert window.worked == window.failed == 0
        state = window.outcome()
        assert (state.name, state.message) == (
            "Completed",
            f"{window.ticks} ticks, 0 with work",
        )
        # Built once for all ticks.
        assert [one.closed for one in made] == [True]

    def test_it_ends_at_once_when_it_is_cancelled(self) -> None:
        made = Helpdesk()

        async def look(run: Run) -> Any:
            run.service(lambda: made)
            raise Stop("no tickets")

        async def body(run: Run) -> None:
            await run.step("look", step(look), probe=True)

        async def go() -> None:
            async with Window(interval_seconds=60, window_seconds=600) as window:
                async for tick in window:
                    await tick.run(tick_of(body))

        async def cancelled() -> None:
            running = asyncio.ensure_future(go())
            await asyncio.sleep(0.1)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

        begun = monotonic()
        asyncio.run(cancelled())
        assert monotonic() - begun < 30
        assert made.closed

    def test_ticks_that_never_wait_can_be_cancelled(self) -> None:
        async def body(run: Run) -> None:
            await run.step("look", stops, probe=True)

        async def go() -> None:
            async with Window(interval_seconds=1e-9, window_seconds=600) as window:
                async for tick in window:
                    await tick.run(tick_of(body))

        async def limited() -> None:
            async with asyncio.timeout(0.2):
                await go()

        with pytest.raises(TimeoutError):
            asyncio.run(limited())
