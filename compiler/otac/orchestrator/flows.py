"""Flows for deployments that somebody makes himself. Importing this imports Prefect.

Their parameters name a configuration and a runner in it, and hold nothing of what it says:
Prefect stores parameters and shows them. The steps are those of the generated module; what
the guide had as one task is, here, a run of the runner's own flow below it.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from prefect import Flow, aserve, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.flow_engine import run_flow
from prefect.states import Completed, Failed
from prefect.types.entrypoint import EntrypointType

from otac.orchestrator.app_config import PipeFactory, RunnerDefinition
from otac.orchestrator.blueprint import compiled
from otac.orchestrator.modules import flow_of
from otac.orchestrator.problem import ConfigurationError, RunFailed

P = ParamSpec("P")
R = TypeVar("R")

if TYPE_CHECKING:
    from prefect import Task
    from prefect.deployments.runner import RunnerDeployment


class InstalledFlow(Flow[P, R]):
    """A flow of an installed package: whoever runs it imports it by its module's name."""

    def to_deployment(self, name: str, *arguments: Any, **options: Any) -> Any:
        """As any flow's; by a file's path, only folders above it could deploy it."""
        options.setdefault("entrypoint_type", EntrypointType.MODULE_PATH)
        return super().to_deployment(name, *arguments, **options)


async def _execute_scheduled_pipe(
    pipe_factory: PipeFactory | str, definition: RunnerDefinition | str
) -> Any:
    """A run of one runner; its results by step, or how else it ended."""
    pipe_id = _id(definition)
    state = await _run(pipe_factory, pipe_id, {})
    if not state.is_completed():
        return Failed(message=f"{pipe_id}: {state.message}")
    result = await state.result()
    if state.name == "Completed":
        return result
    # A new one: Prefect counts a state of another run, and forgets what it says.
    return Completed(name=state.name, message=state.message, data=result)


_execute_scheduled_pipe.__name__ = "execute_scheduled_pipe_flow"
execute_scheduled_pipe_flow = InstalledFlow(
    _execute_scheduled_pipe, name="execute_scheduled_pipe", log_prints=True
)


def _before_any_step(
    task: "Task[..., Any]", task_run: TaskRun, state: State[Any]
) -> bool:
    """Steps have had attempts of their own, and what succeeded must not be done twice."""
    return not isinstance(state.data, RunFailed | ConfigurationError)


@task(
    name="execute_pipe",
    retries=2,
    retry_delay_seconds=30,
    retry_condition_fn=_before_any_step,
    cache_policy=NO_CACHE,
)
async def execute_pipe_task(
    pipe_factory: PipeFactory | str,
    pipe_config: Mapping[str, Any],
    context_data: Mapping[str, Any],
    pipe_id: str,
) -> dict[str, Any]:
    """A run of one runner, as a task of another flow: `context_data` and its results.

    `pipe_config` holds parameters of the runner's flow, such as `queue`; those that are
    left out are as the configuration says. Raises RunFailed. The task's own retries are
    for what goes wrong before a step begins; steps have those of the configuration.
    """
    state = await _run(pipe_factory, pipe_id, pipe_config)
    if not state.is_completed():
        raise RunFailed(pipe_id, state.name or "Failed", state.message or "")
    result = await state.result()
    return {**context_data, **(result if isinstance(result, Mapping) else {})}


async def serve(*deployments: "RunnerDeployment | Awaitable[RunnerDeployment]") -> None:
    """Serve deployments until the process is asked to end.

    Inside of an event loop `to_deployment` has to be awaited; here both forms will do.
    """
    ready = [await one if inspect.isawaitable(one) else one for one in deployments]
    await aserve(*ready)


async def _run(
    source: PipeFactory | str, pipe_id: str, parameters: Mapping[str, Any]
) -> State[Any]:
    blueprint = await asyncio.to_thread(compiled, source)
    with flow_of(blueprint, pipe_id) as runner:
        running: Any = run_flow(
            runner, parameters=dict(parameters), return_type="state"
        )
        state: State[Any] = await running
        return state


def _id(definition: RunnerDefinition | str) -> str:
    return definition if isinstance(definition, str) else definition.pipe_id
