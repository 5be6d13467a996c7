"""A tick before it is a run: its leading steps, called plainly, and what they came to."""

import asyncio
from asyncio import FIRST_COMPLETED
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from otac.components import Stop
from otac.components.work import listener
from otac.runtime.account import Account
from otac.runtime.resources import Resources
from otac.runtime.setbacks import Setbacks

if TYPE_CHECKING:
    from prefect import Task


class Work(BaseException):
    """The probe is over and the tick becomes a run. No error, so nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain call of a step; it may still go on, where it has said that work begins."""

    call: "asyncio.Task[Any]"
    late: TimeoutError | None = None

    async def get(self) -> Any:
        """Ends as the first attempt of the step's task would."""
        if self.late is not None:
            raise self.late
        return await self.call


class Probe:
    """One tick. While it is plain, no step is a Prefect task and nothing is logged.

    Afterwards it holds the results for the run that does the work: the first attempt of
    a task is what the plain call came to, so that nothing is asked for twice and a failed
    call counts as an attempt.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.is_plain = True
        self.stopped: Stop | None = None
        self.account: Account | None = None
        self.setbacks: Setbacks | None = None
        self.failed = False
        self._calls: dict[str, Plain] = {}

    def admit(self, probe: bool) -> None:
        """Raises Work if a step is about to run that does not belong to the probe."""
        if self.is_plain and not probe:
            raise Work

    def give_up(self) -> NoReturn:
        """Something went wrong: the run meets it again, and says so in Prefect."""
        self.failed = True
        raise Work

    async def call(self, key: str, task: "Task[..., Any]", run: object) -> Any:
        """The result of one attempt of a step.

        Raises Stop, or Work: if the attempt failed, or has begun to work.
        """
        loop = asyncio.get_running_loop()
        working = loop.create_future()

        def listen() -> None:
            # Components that are plain functions run in threads.
            loop.call_soon_threadsafe(_set, working)

        token = listener.set(listen)
        call = asyncio.ensure_future(task.fn(run))
        listener.reset(token)
        self._calls[key] = Plain(call)
        try:
            async with asyncio.timeout(task.timeout_seconds):
                await asyncio.wait((call, working), return_when=FIRST_COMPLETED)
        except TimeoutError:
            await _cancel(call)
            late = TimeoutError(f"timed out after {task.timeout_seconds or 0:g} s")
            self._calls[key] = Plain(call, late)
            self.give_up()
        except BaseException:
            await _cancel(call)
            raise
        finally:
            working.cancel()
        if not call.done():
            raise Work
        if isinstance(error := call.exception(), Stop):
            raise error
        if error is not None:
            self.give_up()
        return call.result()

    def take(self, key: str) -> Plain | None:
        """The plain call of a step; once only."""
        return self._calls.pop(key, None)

    async def close(self) -> None:
        """Ends what no run has taken."""
        for plain in self._calls.values():
            await _cancel(plain.call)


def _set(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


async def _cancel(call: "asyncio.Task[Any]") -> None:
    """Returns when the call has cleaned up after itself."""
    call.cancel()
    await asyncio.wait((call,))
    if not call.cancelled():
        # Otherwise Python complains that nobody asked for it.
        call.exception()


_probe: ContextVar[Probe | None] = ContextVar("otac_probe", default=None)


class Probing:
    """Within this, the next `Run` belongs to the probe's tick."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def __enter__(self) -> None:
        self._token = _probe.set(self._probe)

    def __exit__(self, *exception: object) -> None:
        _probe.reset(self._token)


def claim() -> Probe | None:
    """The probe whose tick the caller is. Flows that a step calls get none."""
    probe = _probe.get()
    _probe.set(None)
    return probe
