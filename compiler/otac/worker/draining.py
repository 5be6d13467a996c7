"""Prefect's worker of type process, with an end that waits for its runs.

Told to stop, Prefect's own cancels what it is doing, and with it the processes of its runs;
nobody is left who could tell the server. Here it asks for no more runs and lets those that
it has end. What is left after the grace period is asked to end and then killed, while the
worker is still there to tell the server of it.
"""

import asyncio
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar
from uuid import UUID

from prefect.client.schemas.objects import FlowRun
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from otac.local.descendants import children

# What a flow's own handling of SIGTERM takes, hooks included; then it is killed.
ENDING_SECONDS = 20.0
# For the worker to tell the server of runs that were killed.
_TELLING_SECONDS = 20.0
# A run that was taken and never began: the server refused it.
_TAKEN_SECONDS = 60.0
_POLL_SECONDS = 0.2


class EngineOnce(ProcessJobConfiguration):
    """Starts a run that names no command with the engine, once.

    From 3.8 on Prefect would start a process that imports it, looks for the flow's packages
    and starts the engine, which imports it again.
    """

    # Set by `start`: what starts such a run.
    usual: ClassVar[str] = f"{shlex.quote(sys.executable)} -m prefect.engine"

    def prepare_for_flow_run(self, *args: Any, **more: Any) -> None:
        """As Prefect does."""
        if self.command is None and not _installs_packages():
            self.command = self.usual
        super().prepare_for_flow_run(*args, **more)


class DrainingWorker(ProcessWorker):
    """See the module."""

    type = "process"
    job_configuration = EngineOnce

    # Set by `start`, before Prefect makes the one worker of this process.
    grace_seconds: ClassVar[float] = 90.0
    # Of the children of this process, those that are no runs.
    others: ClassVar[tuple[Callable[[], frozenset[int]], ...]] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._told = 0
        self._busy = 0
        # When runs were taken that have not begun, and those that began while asking.
        self._taken: dict[UUID, float] = {}
        self._begun: set[UUID] = set()

    async def start(self, *args: Any, **more: Any) -> None:
        """Work until told to stop, and then until the last run has ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._tell())
        work = asyncio.ensure_future(super().start(*args, **more))
        ending = asyncio.ensure_future(self._drained())
        try:
            await asyncio.wait({work, ending}, return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        finally:
            ending.cancel()

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """None once it was told to stop."""
        if self._told:
            return []
        with self._at_work():
            found = await super().get_and_submit_flow_runs()
            now = time.monotonic()
            waiting = {one.id: now for one in found if one.id not in self._begun}
            self._taken.update(waiting)
            self._begun.clear()
            return found

    async def run(self, flow_run: FlowRun, *args: Any, **more: Any) -> Any:
        """One run, from its process's start to its end."""
        with self._at_work(flow_run.id):
            return await super().run(flow_run, *args, **more)

    async def _submit_run_and_capture_errors(
        self, flow_run: FlowRun, *args: Any, **more: Any
    ) -> Any:
        # Not of Prefect's public interface, but what tells the server how a run ended.
        # Where it does not exist, `_settled` waits a little longer instead.
        with self._at_work(flow_run.id):
            return await super()._submit_run_and_capture_errors(flow_run, *args, **more)

    @contextmanager
    def _at_work(self, run: UUID | None = None) -> Iterator[None]:
        if run is not None and self._taken.pop(run, None) is None:
            self._begun.add(run)
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1

    def _tell(self) -> None:
        self._told += 1
        what = {
            1: f"told to stop: no new runs, and {self.grace_seconds:g} s for those here",
            2: "told again: the runs are ended",
        }
        # A handler may interrupt a print; write does not mind.
        line = what.get(self._told, "told once more: the runs are killed")
        os.write(2, f"otac: {line}\n".encode())

    async def _drained(self) -> None:
        """Return when there is no run any more, or no more that could be done about one."""
        while not self._told:
            await asyncio.sleep(_POLL_SECONDS)
        if await self._settled(self.grace_seconds, 1):
            return
        _signal(self._runs(), signal.SIGTERM)
        if await self._settled(ENDING_SECONDS, 2):
            return
        _signal(self._runs(), signal.SIGKILL)
        await self._settled(_TELLING_SECONDS, 3)

    async def _settled(self, seconds: float, told: int) -> bool:
        """Whether all was quiet before the time was over, or before it was told again."""
        deadline = time.monotonic() + seconds
        quiet = 0
        while time.monotonic() < deadline and self._told <= told:
            waiting = time.monotonic() - _TAKEN_SECONDS
            idle = not self._busy and all(at < waiting for at in self._taken.values())
            # Between two of Prefect's functions there may be nothing for a moment.
            quiet = quiet + 1 if idle else 0
            if quiet > 5:
                return True
            await asyncio.sleep(_POLL_SECONDS)
        return False

    def _runs(self) -> list[int]:
        """The processes that this one has started for runs."""
        others = {pid for one in self.others for pid in one()}
        return [pid for pid in children(os.getpid()) if pid not in others]


def _installs_packages() -> bool:
    return os.environ.get("PREFECT_RUNNER_AUTO_INSTALL_DEPENDENCIES", "") not in (
        *("", "0", "false", "False"),
    )


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            if os.getpgid(pid) == pid:
                # Also what it has started in its place.
                os.killpg(pid, number)
            else:
                os.kill(pid, number)
