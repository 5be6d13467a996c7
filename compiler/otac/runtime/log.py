"""The log of the current run."""

import logging
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Log: TypeAlias = logging.Logger | logging.LoggerAdapter[Any]


def run_log() -> "Log":
    """Prefect's logger of the flow run, or a plain one outside of a flow run."""
    # Where Prefect has not been imported there is no flow run, and importing it is slow.
    if "prefect.context" in sys.modules:
        from prefect.context import FlowRunContext
        from prefect.logging import get_run_logger

        if FlowRunContext.get() is not None:
            return get_run_logger()
    return logging.getLogger("otac.runtime")
