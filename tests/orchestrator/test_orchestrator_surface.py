"""What users import, and what it has in common with the guide."""

import inspect

import otac.orchestrator
from otac.orchestrator import (
    Orchestrator,
    PrefectOrchestrator,
    execute_pipe_task,
    execute_scheduled_pipe_flow,
)


def test_the_public_surface() -> None:
    assert otac.orchestrator.__all__ == [
        "AppConfig",
        "ConfigurationError",
        "Orchestrator",
        "OrchestratorError",
        "PipeFactory",
        "PrefectOrchestrator",
        "RunFailed",
        "RunnerDefinition",
        "execute_pipe_task",
        "execute_scheduled_pipe_flow",
        "serve",
    ]
    assert all(hasattr(otac.orchestrator, n) for n in otac.orchestrator.__all__)


def test_both_orchestrators_have_the_methods_of_the_guide() -> None:
    for orchestrator in (PrefectOrchestrator, Orchestrator):
        for name in ("start", "stop", "run", "run_once"):
            assert inspect.iscoroutinefunction(getattr(orchestrator, name))


def test_flow_and_task_are_those_of_the_guide() -> None:
    assert execute_scheduled_pipe_flow.name == "execute_scheduled_pipe"
    assert execute_scheduled_pipe_flow.log_prints is True
    parameters = list(execute_scheduled_pipe_flow.parameters.properties)
    assert parameters == ["pipe_factory", "definition"]
    assert execute_pipe_task.name == "execute_pipe"
    assert execute_pipe_task.retries == 2
    assert execute_pipe_task.retry_delay_seconds == 30
    names = list(inspect.signature(execute_pipe_task.fn).parameters)
    assert names == ["pipe_factory", "pipe_config", "context_data", "pipe_id"]
