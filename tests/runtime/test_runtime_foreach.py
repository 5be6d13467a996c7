"""For-each: order, concurrency, and what one item's failure means."""

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from stand_ins import Play, render

from otac.runtime import Run, Stop, Template

Lines = Callable[[], list[str]]


def item_of(run: Run) -> Any:
    return render(run, Template("{{ item }}"))


async def double(run: Run) -> Any:
    item = item_of(run)
    # The first item takes longest.
    await asyncio.sleep(0.02 / item)
    return {"value": item * 2}


async def odd_only(run: Run) -> Any:
    item = item_of(run)
    if item % 2 == 0:
        raise ValueError(f"{item} is even")
    return {"value": item}


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(play: Play, limit: int) -> None:
    async def steps(run: Run) -> None:
        await run.step("each", double, for_each=[1, 2, 3], max_concurrency=limit)

    values = [{"value": 2}, {"value": 4}, {"value": 6}]
    assert play(steps).outcome() == {"each": values}


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (3, 3), (9, 6)])
def test_so_many_items_at_a_time(play: Play, limit: int, most: int) -> None:
    now = peak = 0

    async def work(run: Run) -> Any:
        nonlocal now, peak
        now += 1
        peak = max(peak, now)
        await asyncio.sleep(0.01)
        now -= 1

    async def steps(run: Run) -> None:
        await run.step("each", work, for_each=range(6), max_concurrency=limit)

    play(steps)
    assert peak == most


def test_no_items_give_an_empty_result(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("each", odd_only, for_each=[])
        await run.step("after", odd_only, for_each=Template("{{ params.ids }}"))

    assert play(steps, {"ids": []}).outcome() == {"each": [], "after": []}


def test_a_failed_item_fails_the_step_at_the_end(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("each", odd_only, for_each=[1, 2, 3, 4])
        await run.step("after", odd_only, for_each=[1])

    reason = (
        "step `each` failed for 2 of 4 items:"
        " step `each[1]` failed: ValueError: 2 is even"
    )
    assert play(steps).outcome().message == reason
    assert lines() == [
        "ERROR step `each[1]` failed: ValueError: 2 is even",
        "ERROR step `each[3]` failed: ValueError: 4 is even",
        f"ERROR {reason}",
        "INFO step `after` skipped: an earlier step failed",
    ]


def test_with_continue_none_stands_for_a_failed_item(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("each", odd_only, for_each=[1, 2, 3], on_error="continue")
        await run.step("after", odd_only, for_each=[1], depends_on=["each"])

    assert play(steps).outcome() == {
        "each": [{"value": 1}, None, {"value": 3}],
        "after": [{"value": 1}],
    }
    assert lines()[1] == (
        "WARNING step `each` failed for 1 of 3 items:"
        " step `each[1]` failed: ValueError: 2 is even"
    )


def test_the_items_of_a_composite_have_lists_of_their_own(play: Play) -> None:
    async def group(run: Run) -> None:
        await run.step("first", odd_only, on_error="continue")
        await run.step("second", double, depends_on=["first"])

    async def steps(run: Run) -> None:
        await run.step("each", group, for_each=[1, 2, 3], max_concurrency=3)

    assert play(steps).outcome() == {
        "each": [
            {"first": {"value": 1}, "second": {"value": 2}},
            {},
            {"first": {"value": 3}, "second": {"value": 6}},
        ]
    }


def test_a_failure_in_a_composite_names_step_and_item(play: Play) -> None:
    async def group(run: Run) -> None:
        await run.step("check", odd_only)

    async def steps(run: Run) -> None:
        await run.step("each", group, for_each=[1, 2])

    assert play(steps).outcome().message == (
        "step `each` failed for 1 of 2 items:"
        " step `each.check[1]` failed: ValueError: 2 is even"
    )


def test_a_condition_about_the_item_is_asked_for_each(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step(
            "each", double, for_each=[1, 2, 3], when=Template("{{ item > 1 }}")
        )

    assert play(steps).outcome() == {"each": [None, {"value": 4}, {"value": 6}]}
    assert lines() == ["INFO step `each[0]` skipped: its condition is false"]


def test_any_other_condition_is_asked_before_the_list_is_looked_at(
    play: Play, lines: Lines
) -> None:
    async def steps(run: Run) -> None:
        await run.step(
            "each",
            double,
            for_each=Template("{{ get_pipe_result('absent') }}"),
            when=Template("{{ has_succeeded('absent') }}"),
        )

    assert play(steps).outcome() == {}
    assert lines() == ["INFO step `each` skipped: its condition is false"]


@pytest.mark.parametrize(
    ("items", "kind"), [("abc", "text"), ({"a": 1}, "a mapping"), (None, "none")]
)
def test_only_a_list_can_be_gone_through(play: Play, items: Any, kind: str) -> None:
    async def steps(run: Run) -> None:
        await run.step("each", double, for_each=Template("{{ params.items }}"))

    assert play(steps, {"items": items}).outcome().message == (
        f"step `each` failed: `for_each` needs a list, not {kind}"
    )


def test_stop_lets_running_items_finish_and_begins_no_other(play: Play) -> None:
    begun: list[int] = []
    finished: list[int] = []

    async def work(run: Run) -> Any:
        item = item_of(run)
        begun.append(item)
        await asyncio.sleep(0.01 * item)
        if item == 1:
            raise Stop("enough")
        finished.append(item)

    async def steps(run: Run) -> None:
        await run.step("each", work, for_each=[1, 2, 3, 4], max_concurrency=2)
        await run.step("after", double, for_each=[1])

    state = play(steps).outcome()
    assert (state.name, state.message, state.data) == ("Stopped", "enough", {})
    assert (begun, finished) == ([1, 2], [2])


def test_prefects_signals_arrive_as_themselves(play: Play) -> None:
    class Signal(BaseException):
        pass

    async def work(run: Run) -> Any:
        await asyncio.sleep(0)
        raise Signal

    async def steps(run: Run) -> None:
        await run.step("each", work, for_each=[1, 2], max_concurrency=2)

    with pytest.raises(Signal):
        play(steps)


def test_a_run_is_pickled_as_its_place() -> None:
    """Prefect's cache keys need it: alike in each attempt, different for each item."""
    seen: list[Any] = []

    async def leaf(run: Run) -> Any:
        seen.append(pickle.loads(pickle.dumps(run)))

    async def group(run: Run) -> None:
        await run.step("leaf", leaf)
        await run.step("other", leaf)

    async def flow() -> None:
        async with Run("triage") as run:
            await run.step("each", group, for_each=["a", "b"])

    asyncio.run(flow())
    first, seen[:] = list(seen), []
    asyncio.run(flow())
    assert seen == first
    assert first == [
        "triage/each[0]/leaf",
        "triage/each[0]/other",
        "triage/each[1]/leaf",
        "triage/each[1]/other",
    ]
