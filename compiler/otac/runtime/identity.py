"""Which run of a flow this is, however often it is begun."""

import sys
from contextvars import ContextVar
from uuid import uuid4

# For runs without Prefect's engine.
alone: ContextVar[str | None] = ContextVar("otac_run_alone", default=None)


def identity() -> str:
    """The id of the flow run; a new one where no run of Prefect's is going on."""
    if (known := alone.get()) is not None:
        return known
    # Whoever did not import it has no run.
    context = sys.modules.get("prefect.context")
    if context is not None:
        around = context.FlowRunContext.get()
        if around is not None and around.flow_run is not None:
            return str(around.flow_run.id)
    return str(uuid4())
