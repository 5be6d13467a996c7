"""Whatever a component raises, Prefect's state is final, true and fit for a terminal."""

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from prefect import flow, get_client, task
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import State
from prefect.client.schemas.sorting import LogSort

from background import until
from otac.runtime import Fail, Run, Stop

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_api")]

# Clears the screen, renames the window, turns the direction of what follows, half a
# character, hides the line.
TRICKS = "a\x1b[2J\x1b]0;owned\x07b\u202ec\ud800d\re\x9b31mf"
CLEAN = "a�[2J�]0;owned�b�c�d�e�31mf"


def calling(component: Callable[..., Any], **options: Any) -> Any:
    @task(name="step", **options)
    async def step(run: Run) -> Any:
        return await run.call(component)

    @flow(name="ends", log_prints=True)
    async def ends() -> Any:
        async with Run("ends") as run:
            await run.step("step", step)
        return run.outcome()

    return ends


def final(play: Any) -> State[Any]:
    async def run() -> State[Any]:
        state: State[Any] = await asyncio.wait_for(play(return_state=True), 240)
        return state

    return asyncio.run(run())


def stored(state: State[Any]) -> tuple[str, str]:
    """What Prefect's database says about the run."""

    async def read() -> tuple[str, str]:
        async with get_client() as client:
            run_id = state.state_details.flow_run_id
            assert run_id is not None
            run = await client.read_flow_run(run_id)
        assert run.state is not None
        return run.state.type.value, run.state.message or ""

    return asyncio.run(read())


def raises(error: BaseException) -> Callable[..., None]:
    def plain() -> None:
        raise error

    return plain


def raises_async(error: BaseException) -> Callable[..., Any]:
    async def component() -> None:
        raise error

    return component


def first_of_none() -> object:
    return next(iter([]))


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        (first_of_none, "StopIteration"),
        (raises(GeneratorExit("over")), "GeneratorExit: over"),
        (raises_async(GeneratorExit()), "GeneratorExit"),
        (raises_async(SystemExit(0)), "SystemExit: 0"),
        (raises_async(asyncio.CancelledError()), "CancelledError"),
        (raises(KeyboardInterrupt()), "KeyboardInterrupt"),
    ],
)
def test_what_would_end_more_than_the_step(
    component: Callable[..., Any], reason: str
) -> None:
    state = final(calling(component, retries=1, retry_delay_seconds=0))
    message = f"step `step` failed after 2 attempts: {reason}"
    assert (state.type.value, state.message) == ("FAILED", message)
    assert stored(state) == ("FAILED", message)


def test_what_is_no_exception_crashes_the_run() -> None:
    class Odd(BaseException):
        pass

    play = calling(raises_async(Odd("no")))
    with pytest.raises(Odd):
        final(play)


@pytest.mark.parametrize(
    ("error", "type", "message"),
    [
        (ValueError(TRICKS), "FAILED", f"step `step` failed: ValueError: {CLEAN}"),
        (Fail(TRICKS), "FAILED", f"step `step` failed: {CLEAN}"),
        (SystemExit(TRICKS), "FAILED", f"step `step` failed: SystemExit: {CLEAN}"),
        (Stop(TRICKS), "COMPLETED", CLEAN),
    ],
)
def test_what_a_terminal_obeys_reaches_no_state(
    error: BaseException, type: str, message: str
) -> None:
    state = final(calling(raises(error)))
    assert stored(state) == (type, message)


def test_what_a_terminal_obeys_reaches_no_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def chatty() -> None:
        print(f"printed {TRICKS}")
        logging.getLogger("otac.components").warning("logged %s", TRICKS)
        try:
            raise KeyError(TRICKS)
        except KeyError as error:
            error.add_note(TRICKS)
            raise ExceptionGroup(TRICKS, [error, OSError(2, TRICKS)]) from error

    def hook(*_: object) -> None:
        raise ValueError(f"hooked {TRICKS}")

    play = calling(chatty)
    play.on_failure(hook)
    state = final(play)
    sys.stderr.flush()
    run_id = state.state_details.flow_run_id
    assert run_id is not None
    wanted = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))

    async def read() -> list[str]:
        async with get_client() as client:
            found = await client.read_logs(wanted, sort=LogSort.TIMESTAMP_ASC)
        return [one.message for one in found]

    def hooked() -> list[str] | None:
        found = asyncio.run(read())
        return found if any("hooked" in one for one in found) else None

    # Logs are sent a little later.
    logs = "\n".join(until("the log", hooked))
    assert f"printed {CLEAN}" in logs
    captured = capfd.readouterr()
    for text in (logs, captured.err, captured.out):
        assert not {"\x07", "\x9b", "\u202e", "\ud800"} & set(text)
        assert "\x1b[2J" not in text
        assert "\x1b]0" not in text
