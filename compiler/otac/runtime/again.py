"""Runs that are begun again after their process was lost."""

import sys
from typing import Any

from otac.agreed import AGAIN


async def too_often() -> str | None:
    """Why the run is not to go on: it has crashed more often than `flow_retries` allow.

    Asks the server only where the run has been begun before; whoever asks for an attempt
    by hand gets it.
    """
    context = sys.modules.get("prefect.context")
    around: Any = None if context is None else context.FlowRunContext.get()
    if around is None or around.flow_run is None or around.flow is None:
        return None
    allowed = 1 + (around.flow.retries or 0)
    # Some releases count this attempt already, others do not yet.
    if allowed == 1 or (around.flow_run.run_count or 0) < allowed:
        return None
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        run = await client.read_flow_run(around.flow_run.id)
        before = run.run_count - 1
        if before < allowed:
            return None
        states = await client.read_flow_run_states(run.id)
    asked = [one for one in states if one.is_scheduled()]
    if not asked or asked[-1].message != AGAIN:
        return None
    return f"it was begun {before} times, and its process was lost each time"
