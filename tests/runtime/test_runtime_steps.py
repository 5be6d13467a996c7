"""Which steps of a list run, and what becomes of the rest."""

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from stand_ins import Play

from otac.runtime import Fail, Run, Stop, Template

Lines = Callable[[], list[str]]


async def one(run: Run) -> Any:
    return {"value": 1}


async def broken(run: Run) -> Any:
    raise ValueError("boom")


async def refused(run: Run) -> Any:
    raise Fail("no such queue")


async def stopping(run: Run) -> Any:
    raise Stop("nothing to do")


def test_a_flow_returns_the_results_of_its_steps(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", one)
        await run.step("second", one)

    assert play(steps).outcome() == {"first": {"value": 1}, "second": {"value": 1}}


def test_a_result_that_is_no_mapping_becomes_its_value(play: Play) -> None:
    async def listing(run: Run) -> Any:
        return [1, 2]

    async def steps(run: Run) -> None:
        await run.step("listing", listing)

    assert play(steps).outcome() == {"listing": {"value": [1, 2]}}


def test_a_failure_skips_the_rest_of_the_list(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", one)
        await run.step("second", broken)
        await run.step("third", one)

    state = play(steps).outcome()
    assert (state.type.value, state.name) == ("FAILED", "Failed")
    assert state.message == "step `second` failed: ValueError: boom"
    assert lines() == [
        "ERROR step `second` failed: ValueError: boom",
        "INFO step `third` skipped: an earlier step failed",
    ]


def test_continue_keeps_a_failure_to_the_step(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", broken, on_error="continue")
        await run.step("second", one)

    assert play(steps).outcome() == {"second": {"value": 1}}


def test_fail_gives_its_reason_alone(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", refused)

    assert play(steps).outcome().message == "step `first` failed: no such queue"


def test_the_first_failure_of_a_list_is_the_one_that_is_told(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", refused)
        await run.step("second", broken, after_failure=True)

    assert play(steps).outcome().message == "step `first` failed: no such queue"


def test_stop_ends_the_run_well(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", one)
        await run.step("second", stopping)
        await run.step("third", one, after_failure=True)

    state = play(steps).outcome()
    assert (state.type.value, state.name) == ("COMPLETED", "Stopped")
    assert state.message == "nothing to do"
    assert state.data == {"first": {"value": 1}}
    assert lines() == [
        "INFO step `second` stopped the run",
        "INFO step `third` skipped: the run was stopped",
    ]


def test_stop_after_a_failure_ends_the_run_well(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", broken)
        await run.step("handler", stopping, after_failure=True)

    assert play(steps).outcome().name == "Stopped"


def test_stop_inside_of_a_composite_ends_the_whole_run(
    play: Play, lines: Lines
) -> None:
    async def group(run: Run) -> None:
        await run.step("look", stopping)
        await run.step("work", one)

    async def steps(run: Run) -> None:
        await run.step("group", group)
        await run.step("last", one)

    state = play(steps).outcome()
    assert (state.name, state.data) == ("Stopped", {})
    assert lines() == [
        "INFO step `group.look` stopped the run",
        "INFO step `group.work` skipped: the run was stopped",
        "INFO step `last` skipped: the run was stopped",
    ]


@pytest.mark.parametrize(
    ("when", "runs"),
    [
        (None, True),
        (True, True),
        (False, False),
        (Template("{{ params.limit > 1 }}"), True),
        (Template("{{ params.limit > 2 }}"), False),
        (Template("{{ [] }}"), False),
    ],
)
def test_a_condition_decides(play: Play, when: Any, runs: bool) -> None:
    async def steps(run: Run) -> None:
        await run.step("only", one, when=when)

    run = play(steps, params={"limit": 2})
    assert run.outcome() == ({"only": {"value": 1}} if runs else {})


def test_a_false_condition_is_a_line_in_the_log(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("only", one, when=False)

    play(steps)
    assert lines() == ["INFO step `only` skipped: its condition is false"]


def test_a_condition_that_cannot_be_rendered_fails_the_step(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("only", one, when=Template("{{ params.limt > 1 }}"))

    assert play(steps, params={"limit": 2}).outcome().message == (
        "step `only` failed: `{{ params.limt > 1 }}`: `limt` is not in the mapping, which"
        " has `limit`"
    )


def test_a_condition_can_stop_and_fail(play: Play) -> None:
    async def stops(run: Run) -> None:
        await run.step("only", one, when=Template("{{ stop('idle') }}"))

    async def fails(run: Run) -> None:
        await run.step("only", one, when=Template("{{ fail('no') }}"))

    assert play(stops).outcome().message == "idle"
    assert play(fails).outcome().message == "step `only` failed: no"


def test_a_step_waits_for_the_success_of_others(play: Play, lines: Lines) -> None:
    async def steps(run: Run) -> None:
        await run.step("good", one)
        await run.step("bad", broken, on_error="continue")
        await run.step("off", one, when=False)
        await run.step("a", one, depends_on=["good"])
        await run.step("b", one, depends_on=["good", "bad"])
        await run.step("c", one, depends_on=["off"])
        await run.step("d", one, depends_on=["c"])

    assert list(play(steps).outcome()) == ["good", "a"]
    assert lines()[2:] == [
        "INFO step `b` skipped: it depends on step `bad`, which has not succeeded",
        "INFO step `c` skipped: it depends on step `off`, which has not succeeded",
        "INFO step `d` skipped: it depends on step `c`, which has not succeeded",
    ]


def test_the_condition_of_a_step_that_cannot_run_is_not_asked(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("off", one, when=False)
        await run.step(
            "only",
            one,
            when=Template("{{ get_pipe_result('off') }}"),
            depends_on=["off"],
        )

    assert play(steps).outcome() == {}


def test_a_later_step_can_ask_for_a_failure(play: Play) -> None:
    async def steps(run: Run) -> None:
        await run.step("first", broken)
        await run.step(
            "apology",
            one,
            when=Template("{{ has_failed('first') }}"),
            after_failure=True,
        )
        await run.step(
            "praise",
            one,
            when=Template("{{ has_succeeded('first') and not has_failed('first') }}"),
            after_failure=True,
        )
        run_results.append((run.outcome().message, dict(run._results())))

    run_results: list[Any] = []
    play(steps)
    assert run_results == [
        ("step `first` failed: ValueError: boom", {"apology": {"value": 1}})
    ]


def test_a_composite_fails_with_its_list(play: Play, lines: Lines) -> None:
    async def group(run: Run) -> None:
        await run.step("first", one)
        await run.step("second", broken)
        await run.step("third", one)

    async def steps(run: Run) -> None:
        await run.step("group", group)
        await run.step("last", one)

    assert play(steps).outcome().message == (
        "step `group.second` failed: ValueError: boom"
    )
    assert lines() == [
        "ERROR step `group.second` failed: ValueError: boom",
        "INFO step `group.third` skipped: an earlier step failed",
        "INFO step `last` skipped: an earlier step failed",
    ]


def test_on_error_of_a_composite_counts_in_the_list_around_it(play: Play) -> None:
    async def group(run: Run) -> None:
        await run.step("first", broken)

    async def steps(run: Run) -> None:
        await run.step("group", group, on_error="continue")
        await run.step("last", one, when=Template("{{ has_failed('group') }}"))

    assert play(steps).outcome() == {"last": {"value": 1}}


def test_the_result_of_a_composite_is_that_of_its_steps(play: Play) -> None:
    async def group(run: Run) -> None:
        await run.step("first", one)
        await run.step("second", broken, on_error="continue")
        await run.step("third", one, when=False)

    async def steps(run: Run) -> None:
        await run.step("group", group)

    assert play(steps).outcome() == {"group": {"first": {"value": 1}}}


def test_cancelling_passes_through_steps_and_closes_services() -> None:
    closed: list[str] = []

    class Service:
        async def aclose(self) -> None:
            await asyncio.sleep(0)
            closed.append("service")

    async def waiting(run: Run) -> Any:
        run.service(Service)
        await asyncio.sleep(60)

    async def flow() -> None:
        async with Run("flow") as run:
            await run.step("wait", waiting, on_error="continue")
            pytest.fail("the step went on")

    async def main() -> None:
        task = asyncio.create_task(flow())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert closed == ["service"]


def test_services_are_closed_after_a_timeout_of_the_flow() -> None:
    closed: list[str] = []

    class Service:
        async def aclose(self) -> None:
            await asyncio.sleep(0.01)
            closed.append("service")

    async def waiting(run: Run) -> Any:
        run.service(Service)
        await asyncio.sleep(60)

    async def flow() -> None:
        # As Prefect times a flow out: each further await inside is cancelled too.
        with anyio.move_on_after(0.01):
            async with Run("flow") as run:
                await run.step("wait", waiting)

    asyncio.run(flow())
    assert closed == ["service"]


def test_an_interrupt_passes_through_steps(play: Play) -> None:
    async def interrupted(run: Run) -> Any:
        raise KeyboardInterrupt

    async def steps(run: Run) -> None:
        await run.step("first", interrupted, on_error="continue")

    with pytest.raises(KeyboardInterrupt):
        play(steps)
