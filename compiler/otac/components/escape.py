"""Exceptions of components that would not end their step, but what is around it."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from types import TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# What Python itself uses to end an iteration, a generator, a task or the process. Prefect
# takes a GeneratorExit for no end at all, and a future refuses a StopIteration.
_ESCAPES = (
    StopIteration,
    StopAsyncIteration,
    GeneratorExit,
    SystemExit,
    KeyboardInterrupt,
    asyncio.CancelledError,
)


class Escaped(Exception):
    """Stands for an exception that must not get further, and says what that says."""


class Contained:
    """Within this, a component that raises one of them fails as with any other exception.

    Those that mean it pass: an interruption, a cancellation from outside, a coroutine
    that is thrown away.
    """

    def __enter__(self) -> None:
        self._task = _task()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, _ESCAPES) and not self._is_meant(error):
            name, said = type(error).__name__, str(error)
            raise Escaped(f"{name}: {said}" if said else name) from error

    def _is_meant(self, error: BaseException) -> bool:
        match error:
            case KeyboardInterrupt():
                return threading.current_thread() is threading.main_thread()
            case asyncio.CancelledError():
                return self._task is not None and self._task.cancelling() > 0
            case GeneratorExit():
                return _task() is not self._task
        return False


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function of somebody else's returns, called in a thread of its own.

    A thread of asyncio's would keep the process from ending for as long as a function goes
    on that nobody waits for any more, after a time-out: for ever, if it is one that hangs.
    """
    loop = asyncio.get_running_loop()
    returned: asyncio.Future[T] = loop.create_future()
    around = copy_context()

    def settle(how: Callable[..., None], what: object) -> None:
        if not returned.done():
            how(what)

    def tell(how: Callable[..., None], what: object) -> None:
        # The loop may be closed: then nobody waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, how, what)

    def call() -> None:
        try:
            with Contained():
                result = around.run(function, *args, **kwargs)
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            tell(returned.set_exception, error)
        else:
            tell(returned.set_result, result)

    threading.Thread(target=call, name="otac-component", daemon=True).start()
    return await returned


def _task() -> "asyncio.Task[object] | None":
    try:
        return asyncio.current_task()
    except RuntimeError:
        # A thread without an event loop.
        return None
