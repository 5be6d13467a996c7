"""A tick before it is a run: its leading steps, called plainly, and what they came to."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from otac.components import Stop
from otac.runtime.resources import Resources

if TYPE_CHECKING:
    from prefect import Task


class Work(BaseException):
    """The probe is over and the tick becomes a run. No error, so nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a plain call of a step came to: a result, or an exception."""

    result: Any = None
    error: Exception | None = None

    def get(self) -> Any:
        """As the first attempt of the step's task would end."""
        if self.error is not None:
            raise self.error
        return self.result


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
        """The result of one attempt of a step; raises Stop, or Work if it failed."""
        try:
            async with asyncio.timeout(task.timeout_seconds) as timeout:
                result = await _call(task, run)
        except Stop:
            raise
        except Exception as error:  # noqa: BLE001  the run raises it
            late = TimeoutError(f"timed out after {task.timeout_seconds or 0:g} s")
            self._calls[key] = Plain(error=late if timeout.expired() else error)
            self.give_up()
        else:
            self._calls[key] = Plain(result)
            return result

    def take(self, key: str) -> Plain | None:
        """What the plain call of a step came to; once only."""
        return self._calls.pop(key, None)


async def _call(task: "Task[..., Any]", run: object) -> Any:
    function: Callable[..., Any] = task.fn
    if task.isasync:
        return await function(run)
    return await asyncio.to_thread(function, run)


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
