"""What both orchestrators do alike: start, run, stop, run once."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otac.local.flow_runs import FlowRuns
from otac.local.job import Engine, RunEnded, job
from otac.local.scratch import write
from otac.orchestrator.app_config import DEFAULT_PATH, AppConfig, Source, path_of
from otac.orchestrator.blueprint import Blueprint, compiled
from otac.orchestrator.child import Child
from otac.orchestrator.problem import OrchestratorError, RunFailed
from otac.orchestrator.signals import asked_to_stop


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where runs are recorded: the environment of their processes, and who runs them."""

    environment: Mapping[str, str]
    engine: Engine


class Lifecycle(ABC):
    """An orchestrator of one configuration, which it compiles when it starts.

    Everything it starts is a process below this one and ends with it, even if this one is
    killed.
    """

    def __init__(
        self, pipe_factory: Source = DEFAULT_PATH, app_config: AppConfig | None = None
    ) -> None:
        """Of a configuration: its path, an AppConfig, or a PipeFactory.

        `app_config` is there because the guide has it; it must name the same file.
        """
        if app_config is not None and app_config.path != path_of(pipe_factory):
            raise ValueError(
                f"`{path_of(pipe_factory)}` and `{app_config.path}` are two "
                "configurations; an orchestrator has one"
            )
        self._source = pipe_factory
        self._stack: ExitStack | None = None
        self._child: Child | None = None
        self._place: RunPlace | None = None
        self._stopping = False

    async def start(self) -> None:
        """Compile, and keep the schedules from now on; returns when all is registered.

        Does nothing if it was started already.
        """
        if self._stack is not None:
            return
        blueprint = await asyncio.to_thread(compiled, self._source)
        self._stack, self._stopping = ExitStack(), False
        try:
            place = await self._find_place(blueprint, self._stack, True)
            scratch = _scratch(blueprint, self._stack)
            child = self._stack.enter_context(self._launch(blueprint, place, scratch))
            await child.ready()
            self._child, self._place = child, place
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End everything that was started; runs that are under way are cut short."""
        self._stopping = True
        stack, self._stack = self._stack, None
        self._child = self._place = None
        if stack is not None:
            await asyncio.shield(asyncio.to_thread(stack.close))

    async def run(self) -> None:
        """Start, and return after `stop()`, Ctrl-C or SIGTERM, with nothing left behind.

        OrchestratorError if the process that keeps the schedules ends by itself.
        """
        serving = asyncio.ensure_future(self._serve())
        with asked_to_stop(serving.cancel) as asked:
            try:
                await serving
            except asyncio.CancelledError:
                if not asked:
                    serving.cancel()
                    raise
            finally:
                await self.stop()

    async def run_once(
        self, pipe_id: str, parameters: Mapping[str, Any] | None = None
    ) -> Any:
        """Run one runner now; the results of its steps by their ids.

        They have passed through JSON. RunFailed if the run does not complete.
        """
        blueprint = await asyncio.to_thread(compiled, self._source)
        runner = blueprint.runner(pipe_id)
        stack = ExitStack()
        try:
            place = self._place or await self._find_place(blueprint, stack, False)
            runs = stack.enter_context(
                FlowRuns(
                    [job(blueprint.output, runner.id, parameters or {})],
                    _scratch(blueprint, stack),
                    blueprint.folder,
                    place.environment,
                    verbose=True,
                    engine=place.engine,
                )
            )
            ended = await asyncio.to_thread(_last, runs)
        finally:
            await asyncio.shield(asyncio.to_thread(stack.close))
        if ended is None:
            raise RunFailed(pipe_id, "Crashed", "its process ended")
        if not ended.completed:
            raise RunFailed(pipe_id, ended.state, ended.message)
        return ended.result

    async def _serve(self) -> None:
        await self.start()
        assert self._child is not None
        status = await self._child.ended()
        if not self._stopping:
            raise OrchestratorError(
                f"the process that keeps the schedules ended with status {status}"
            )

    @abstractmethod
    async def _find_place(
        self, blueprint: Blueprint, stack: ExitStack, scheduling: bool
    ) -> RunPlace:
        """Where runs are recorded; what has to be started for it goes into `stack`."""

    @abstractmethod
    def _launch(self, blueprint: Blueprint, place: RunPlace, scratch: Path) -> Child:
        """The process that keeps the schedules; `scratch` holds the generated modules."""


def _scratch(blueprint: Blueprint, stack: ExitStack) -> Path:
    """A folder with the generated modules, for as long as `stack` is open."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="otac-")))
    write(blueprint.output, folder, blueprint.project.source)
    return folder


def _last(runs: FlowRuns) -> RunEnded | None:
    ended = [answer for answer in runs.answers() if isinstance(answer, RunEnded)]
    return ended[-1] if ended else None
