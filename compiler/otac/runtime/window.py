"""A window: one run of a resident runner, which ticks inside."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from otac.runtime.log import run_log
from otac.runtime.phase import Phase
from otac.runtime.place import Lease
from otac.runtime.probe import Probe, Probing, Work
from otac.runtime.resources import Resources

if TYPE_CHECKING:
    from prefect import Flow

# How long a window goes on beyond its end if none takes over: starting one takes seconds,
# in a container sometimes many.
_GRACE_SECONDS = 30.0
_LOOK_SECONDS = 0.2


class Window:
    """Ticks every `interval_seconds` until `window_seconds` after its scheduled start.

    Windows of one deployment never tick at the same time: each waits for its `Lease`, and
    gives it up to the next.
    """

    def __init__(self, *, interval_seconds: float, window_seconds: float) -> None:
        self._interval = interval_seconds
        self._seconds = window_seconds
        self._place: Lease | None = None
        self._phase = Phase(interval_seconds, 0.0)
        self._end = 0.0
        self.resources = Resources()
        self.ticks = self.worked = self.failed = 0
        self.reason = ""

    async def __aenter__(self) -> Self:
        self._place = _place()
        if self._place is not None:
            try:
                await self._wait(self._place)
            except BaseException:
                self._place.leave()
                raise
        now = monotonic()
        self._phase = Phase(self._interval, now)
        self._end = now + _remaining(self._seconds)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self.resources.services.close(run_log())
        finally:
            if self._place is not None:
                self._place.leave()

    def __aiter__(self) -> "AsyncIterator[Tick]":
        return self._each()

    async def _each(self) -> "AsyncIterator[Tick]":
        while await self._due():
            self.ticks += 1
            yield Tick(self)

    async def _due(self) -> bool:
        """Waits for the next tick; false when the window is over."""
        # Also where a tick never waits for anything, a cancellation must get through.
        await asyncio.sleep(0)
        place = self._place
        while True:
            now = monotonic()
            if place is not None and (place.lost or place.needless):
                return False
            if now >= self._end:
                if place is None or now >= self._end + _GRACE_SECONDS:
                    return False
                if place.is_wanted():
                    return False
            wait = self._phase.due - now
            if place is not None and not place.is_sure():
                wait = max(wait, _LOOK_SECONDS)
            if wait <= 0:
                return True
            if place is None:
                wait = min(wait, max(self._end - now, 0.0))
            else:
                wait = min(wait, _LOOK_SECONDS)
            await asyncio.sleep(wait)

    async def _wait(self, place: Lease) -> None:
        place.enter()
        told = False
        while not (place.held or place.needless):
            if place.holder is not None and not told:
                run_log().info("waits for flow run %s to end", place.holder)
                told = True
            await asyncio.sleep(_LOOK_SECONDS)

    def outcome(self) -> Any:
        """What the flow returns: a final state that counts the ticks."""
        from prefect.states import Completed, Failed

        counts = f"{_count(self.ticks, 'tick')}, {self.worked} with work"
        if self._place is not None and self._place.needless:
            return Completed(name="Skipped", message="a later window waits already")
        if self._place is not None and self._place.lost:
            return Failed(message=f"another run took over; {counts}")
        if self.failed:
            message = f"{counts}, {self.failed} failed; the last one: {self.reason}"
            return Failed(message=message)
        data = {"ticks": self.ticks, "worked": self.worked}
        return Completed(message=counts, data=data)

    def ended(
        self, *, work: bool, reason: str | None = None, pause: bool = False
    ) -> None:
        """A tick is over; `reason` says why it failed, `pause` that its probe did."""
        self.worked += work
        failed = reason is not None or pause
        wait = self._phase.ended(monotonic(), failed=failed)
        if reason is not None:
            self.failed += 1
            self.reason = reason
            run_log().error("tick failed: %s; the next in %.1f s", reason, wait)


class Tick:
    """One tick of a window."""

    def __init__(self, window: Window) -> None:
        self._window = window

    async def run(self, flow: "Flow[..., Any]", /, **parameters: Any) -> None:
        """Calls the flow plainly as far as its probe goes.

        Where no step of that stops it, there is work: the flow then runs as a child of
        this one, and takes what the probe found. Raises nothing: a tick that fails is
        counted, and the window goes on.
        """
        probe = Probe(self._window.resources)
        try:
            with Probing(probe):
                async with asyncio.timeout(flow.timeout_seconds):
                    await flow.fn(**parameters)
        except Work:
            pass
        except Exception:  # noqa: BLE001  the child run meets it again, and tells
            probe.failed = True
        if probe.stopped is not None:
            self._window.ended(work=False)
            return
        probe.is_plain = False
        try:
            reason = await self._work(flow, parameters, probe)
        finally:
            await probe.close()
        if reason is not None or probe.failed:
            await self._renew()
        self._window.ended(work=True, reason=reason, pause=probe.failed)

    async def _work(
        self, flow: "Flow[..., Any]", parameters: dict[str, Any], probe: Probe
    ) -> str | None:
        """Runs the flow; why it failed, or None."""
        from prefect.flow_engine import run_flow

        try:
            with Probing(probe):
                # Not `flow(**parameters)`: one might be called `return_state`.
                running: Any = run_flow(
                    flow, parameters=parameters, return_type="state"
                )
                state = await running
        except Exception as error:  # noqa: BLE001  such as Prefect's API being down
            return self._window.resources.secrets.describe(error)
        if state.is_completed():
            return None
        return state.message or f"it ended as {state.name}"

    async def _renew(self) -> None:
        """Services that may be what is broken are built anew for the next tick."""
        window = self._window
        await window.resources.services.close(run_log())
        window.resources = Resources()


def _place() -> Lease | None:
    """The place of the deployment whose run this is; None for a run without one."""
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return None
    run = context.flow_run
    if run.deployment_id is None:
        return None
    return Lease(run.deployment_id, run.id, run.name, run.expected_start_time)


def _remaining(seconds: float) -> float:
    """The seconds until the next window is scheduled to start."""
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return seconds
    start = context.flow_run.expected_start_time
    if start is None:
        return seconds
    # A clock that is behind that of the server's must not make the window short.
    passed = max((datetime.now(UTC) - start).total_seconds(), 0.0)
    return seconds - passed % seconds


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
