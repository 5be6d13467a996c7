"""Running a configuration from Python."""

from otac.extras import install

try:
    from otac.orchestrator.flows import (
        execute_pipe_task,
        execute_scheduled_pipe_flow,
        serve,
    )
except ModuleNotFoundError as missing:
    if missing.name != "prefect":
        raise
    message = f"otac.orchestrator needs Prefect: {install('prefect')}"
    raise ModuleNotFoundError(message, name="prefect") from None
from otac.orchestrator.app_config import AppConfig, PipeFactory, RunnerDefinition
from otac.orchestrator.orchestrator import Orchestrator
from otac.orchestrator.prefect_orchestrator import PrefectOrchestrator
from otac.orchestrator.problem import ConfigurationError, OrchestratorError, RunFailed

__all__ = [
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
