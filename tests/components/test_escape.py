"""What a component raises to end more than its step ends its step."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from otac.components import invoke
from otac.components.escape import Contained, Escaped

ESCAPES = (
    StopIteration(),
    StopAsyncIteration("no more"),
    GeneratorExit("over"),
    SystemExit(3),
    asyncio.CancelledError(),
)


def raising(error: BaseException) -> Callable[[], Any]:
    def plain() -> None:
        raise error

    return plain


def said(component: Callable[..., Any]) -> str:
    """What a call ends with; it has an end."""

    async def call() -> None:
        await asyncio.wait_for(invoke(component, {}), 60)

    with pytest.raises(Escaped) as caught:
        asyncio.run(call())
    assert not isinstance(caught.value.__cause__, Exception | None) or isinstance(
        caught.value.__cause__, StopIteration | StopAsyncIteration
    )
    return str(caught.value)


@pytest.mark.parametrize("error", [*ESCAPES, KeyboardInterrupt("stop")])
def test_of_a_plain_function(error: BaseException) -> None:
    name = type(error).__name__
    assert said(raising(error)) == (f"{name}: {error}" if str(error) else name)


@pytest.mark.parametrize("error", ESCAPES[1:])
def test_of_an_async_function(error: BaseException) -> None:
    async def component() -> None:
        raise error

    assert said(component).startswith(type(error).__name__)


def test_an_empty_iterator() -> None:
    def first() -> object:
        return next(iter([]))

    async def async_first() -> object:
        return next(iter([]))

    assert said(first) == "StopIteration"
    # Python's own words.
    with pytest.raises(RuntimeError, match="coroutine raised StopIteration"):
        asyncio.run(invoke(async_first, {}))


def test_an_end_of_the_process() -> None:
    def component() -> None:
        sys.exit("no licence")

    assert said(component) == "SystemExit: no licence"


def test_a_cancellation_is_one() -> None:
    """From outside: a time-out, a run that is cancelled, a process that ends."""

    async def endless() -> None:
        await asyncio.sleep(600)

    async def cancelled() -> None:
        call = asyncio.ensure_future(invoke(endless, {}))
        await asyncio.sleep(0)
        call.cancel()
        await call

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())

    async def late() -> None:
        async with asyncio.timeout(0.01):
            await invoke(endless, {})

    with pytest.raises(TimeoutError):
        asyncio.run(late())


def test_a_coroutine_that_is_thrown_away() -> None:
    async def endless() -> None:
        await asyncio.sleep(600)

    async def leave() -> Any:
        call = invoke(endless, {})
        step = asyncio.ensure_future(call)
        await asyncio.sleep(0)
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        other = invoke(endless, {})
        other.close()

    asyncio.run(leave())


def test_an_interruption_of_the_main_thread_is_one() -> None:
    with pytest.raises(KeyboardInterrupt), Contained():
        raise KeyboardInterrupt


_HANGS = """\
import asyncio
from otac.components import invoke

def hangs() -> None:
    while True:
        pass

async def limited() -> None:
    async with asyncio.timeout(1):
        await invoke(hangs, {})

try:
    asyncio.run(limited())
except TimeoutError:
    print("timed out")
"""


def test_a_function_that_hangs_does_not_keep_the_process() -> None:
    """A worker would wait for it, and its place would be taken for ever."""
    command = [sys.executable, "-c", _HANGS]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=240, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "timed out\n"), ran.stderr


def test_a_thread_sees_what_is_around_the_step() -> None:
    around = ContextVar("around", default="nothing")
    around.set("a run")

    def plain() -> str:
        return f"{around.get()} {threading.current_thread().daemon}"

    assert asyncio.run(invoke(plain, {})) == {"value": "a run True"}
