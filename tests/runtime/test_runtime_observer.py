"""Whoever starts a run in his own process can see each step end."""

from collections.abc import Iterator
from typing import Any

import pytest
from stand_ins import Play

from otac.runtime import Run, Stop, Template
from otac.runtime.observer import StepEnd, observer
from otac.runtime.record import Failure, Skip, Success


@pytest.fixture
def seen() -> Iterator[list[StepEnd]]:
    """What the observer is told."""
    ends: list[StepEnd] = []
    token = observer.set(ends.append)
    yield ends
    observer.reset(token)


def _said(end: StepEnd) -> Any:
    match end.record:
        case Success(result):
            return result
        case Failure(reason):
            return reason
        case Skip(reason):
            return f"skipped: {reason}"


async def one(run: Run) -> Any:
    return {"value": 1}


def test_steps_items_and_composites_are_seen_as_they_end(
    play: Play, seen: list[StepEnd]
) -> None:
    async def odd(run: Run) -> Any:
        return {"value": 3 // run.params["divisor"]}

    async def each(run: Run) -> None:
        await run.step("inner", one, when=Template("{{ item }}"))

    async def steps(run: Run) -> None:
        await run.step("each", each, for_each=[True, False])
        await run.step("odd", odd)
        await run.step("later", one)

    play(steps, {"divisor": 0})
    assert [(end.ids, end.indices, _said(end)) for end in seen] == [
        (("each", "inner"), (0,), {"value": 1}),
        (("each",), (0,), {"inner": {"value": 1}}),
        (("each", "inner"), (1,), "skipped: its condition is false"),
        (("each",), (1,), {}),
        (("each",), (), [{"inner": {"value": 1}}, {}]),
        (
            ("odd",),
            (),
            "step `odd` failed: ZeroDivisionError: integer division or modulo by zero",
        ),
        (("later",), (), "skipped: an earlier step failed"),
    ]
    assert all(end.seconds >= 0 for end in seen)


def test_the_step_that_stops_a_run_is_told_apart(
    play: Play, seen: list[StepEnd]
) -> None:
    async def stopping(run: Run) -> Any:
        raise Stop("enough")

    async def steps(run: Run) -> None:
        await run.step("stopping", stopping)
        await run.step("later", one)

    play(steps)
    assert [end.record for end in seen] == [
        Skip("it stopped the run", stopped=True, condition=True),
        Skip("the run was stopped"),
    ]
