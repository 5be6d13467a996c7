"""How a flow run ends. Importing this imports Prefect."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

# How often this process has seen a run fail: Prefect's own count can be one behind.
_failures: Counter[UUID] = Counter()


class RunFailed(Exception):
    """Makes Prefect retry the flow run. The message names the step and the reason."""


def failed(reason: str) -> State[Any]:
    """The final state, or an exception while the flow has retries left.

    Prefect retries a flow that raises, but takes a state that it returns as the last word.
    Without retries the state is better: an exception would put a traceback of otac's
    own into the log and "Flow run encountered an exception" before the reason.
    """
    if _is_retried():
        raise RunFailed(reason)
    return Failed(message=reason)


def stopped(message: str, results: Mapping[str, Any]) -> State[Any]:
    """The final state of a run that `stop()` ended."""
    return Completed(name="Stopped", message=message, data=results)


def _is_retried() -> bool:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return False
    run = context.flow_run
    retries = run.empirical_policy.retries or 0
    _failures[run.id] += 1
    if max(run.run_count, _failures[run.id]) <= retries:
        return True
    del _failures[run.id]
    return False
