"""Runs compiled flows without Prefect's engine, and so without a server.

What the modules say holds all the same: attempts, delays, timeouts, retries of the flow,
hooks. Importing this imports Prefect, whose decorators the modules use.
"""

import asyncio
import inspect
import random
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from prefect import Flow, Task
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Failed
from prefect.task_engine import TaskRunTimeoutError

from otac.components import Fail
from otac.components.refusal import harmless
from otac.expressions.problem import ExpressionError
from otac.runtime import identity
from otac.runtime.log import run_log
from otac.runtime.secrets import text_of


@dataclass(frozen=True, slots=True)
class _Alone:
    """A run without the engine. `pause` waits for some seconds before a retry.

    `done` are the results of the steps that have succeeded, by the step's key: a flow that
    is tried again does nothing twice.
    """

    pause: Callable[[float], Awaitable[None]]
    done: dict[str, Any] = field(default_factory=dict)


# Another attempt would end the same way: what an expression sees does not change in a run.
LASTING = (Fail, ExpressionError)

# None: Prefect's engine runs the steps.
_alone: ContextVar[_Alone | None] = ContextVar("otac_alone", default=None)


def is_alone() -> bool:
    """Whether steps are to be run by `attempt`."""
    return _alone.get() is not None


async def attempt(task: Task[..., Any], run: object, key: str) -> Any:
    """The task's result after as many attempts as it has; raises what the last raised."""
    alone = _alone.get()
    assert alone is not None
    if key in alone.done:
        return alone.done[key]
    for left in range(task.retries, -1, -1):
        try:
            result = await _within(task, run)
        except LASTING:
            raise
        except Exception as error:
            if left == 0:
                raise
            delay = _delay(task, task.retries - left)
            run_log().warning(
                "step `%s`: %s; %d more, the next in %.1f s",
                *(run, text_of(error), left, delay),
            )
            await alone.pause(delay)
        else:
            alone.done[key] = result
            return result
    raise AssertionError("the last attempt returns or raises")


async def run_alone(
    flow: Flow[..., Any],
    parameters: Mapping[str, Any],
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    hooks: bool = True,
) -> State[Any]:
    """The final state of one run, which holds the result as its data.

    `pause` waits for some seconds before a retry. Without `hooks`, nobody is told how the
    run ended.
    """
    flow_run = FlowRun(flow_id=uuid4(), name=f"{flow.name}-{uuid4().hex[:8]}")
    # Prefect makes a model of the parameters each time; defaults have been checked by otac.
    given = flow.validate_parameters(dict(parameters)) if parameters else {}
    token = _alone.set(_Alone(pause))
    named = identity.alone.set(str(flow_run.id))
    try:
        state = await _once(flow, given)
        for _ in range(flow.retries):
            if not state.is_failed():
                break
            delay = _number(flow.retry_delay_seconds)
            run_log().warning(
                "%s; the run is tried again in %.1f s", state.message, delay
            )
            await pause(delay)
            state = await _once(flow, given)
    finally:
        _alone.reset(token)
        identity.alone.reset(named)
    if hooks:
        await _call_hooks(flow, flow_run, state)
    return state


async def _once(flow: Flow[..., Any], parameters: Mapping[str, Any]) -> State[Any]:
    limit = asyncio.timeout(flow.timeout_seconds)
    try:
        async with limit:
            outcome = await flow.fn(**parameters)
    except TimeoutError:
        if not limit.expired():
            raise
        # Prefect's words.
        said = f"Flow run exceeded timeout of {flow.timeout_seconds} second(s)"
        return Failed(name="TimedOut", message=said)
    except Exception as error:  # noqa: BLE001
        # Steps raise nothing; a flow that was changed by hand may.
        return Failed(message=harmless(text_of(error)))
    return outcome if isinstance(outcome, State) else Completed(data=outcome)


async def _within(task: Task[..., Any], run: object) -> Any:
    limit = asyncio.timeout(task.timeout_seconds)
    try:
        async with limit:
            if task.isasync:
                return await task.fn(run)
            return await asyncio.to_thread(task.fn, run)
    except TimeoutError as error:
        if limit.expired():
            raise TaskRunTimeoutError(f"timed out after {task.timeout_seconds}") from (
                error
            )
        raise


def _delay(task: Task[..., Any], retry: int) -> float:
    """Seconds before a retry (from 0); a list that is too short ends in its last one."""
    delays = task.retry_delay_seconds
    if isinstance(delays, list | tuple):
        delay = _number(delays[min(retry, len(delays) - 1)] if delays else 0)
    else:
        delay = _number(delays)
    if task.retry_jitter_factor:
        delay *= 1 + task.retry_jitter_factor * random.random()
    return delay


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


async def _call_hooks(
    flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]
) -> None:
    """As Prefect does: one that fails is a line in the log."""
    hooks = flow.on_failure_hooks if state.is_failed() else flow.on_completion_hooks
    for hook in hooks or ():
        try:
            called: Any = hook(flow, flow_run, state)
            if inspect.isawaitable(called):
                await called
        except Exception as error:  # noqa: BLE001
            run_log().error("hook failed: %s", harmless(text_of(error)))
