"""Who starts a run can see how each step ends."""

from collections.abc import Iterator
from typing import Any

import pytest
from stand_ins import Play, yields

from otac.runtime import Run, Stop
from otac.runtime.observer import StepEnd, observer
from otac.runtime.record import Failure, Skip, Success


@pytest.fixture
def ends() -> Iterator[list[StepEnd]]:
    seen: list[StepEnd] = []
    token = observer.set(seen.append)
    yield seen
    observer.reset(token)


def test_steps_and_items_are_told_in_the_order_they_end(
    play: Play, ends: list[StepEnd]
) -> None:
    async def broken(run: Run) -> Any:
        raise ValueError("boom")

    async def group(run: Run) -> None:
        await run.step("a", yields("{{ item }}"))

    async def steps(run: Run) -> None:
        await run.step("each", group, for_each=[1])
        await run.step("off", group, when=False)
        await run.step("broken", broken)

    play(steps)
    assert [(end.ids, end.indices) for end in ends] == [
        (("each", "a"), (0,)),
        (("each",), (0,)),
        (("each",), ()),
        (("off",), ()),
        (("broken",), ()),
    ]
    records = [end.record for end in ends]
    assert records[0] == Success({"value": 1}, {})
    assert records[2] == Success([{"a": {"value": 1}}])
    assert records[3] == Skip("its condition is false")
    assert records[4] == Failure("step `broken` failed: ValueError: boom")
    assert all(end.seconds >= 0 for end in ends)


def test_the_step_that_stopped_the_run_is_told(play: Play, ends: list[StepEnd]) -> None:
    async def idle(run: Run) -> Any:
        raise Stop("nothing to do")

    async def steps(run: Run) -> None:
        await run.step("look", idle)
        await run.step("work", yields("1"))

    play(steps)
    assert [end.record for end in ends] == [
        Skip("it stopped the run", stopped=True),
        Skip("the run was stopped"),
    ]
