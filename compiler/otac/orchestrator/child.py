"""The process in which an orchestrator's schedules are kept."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE
from typing import Any

from otac.local.process import Process
from otac.orchestrator.problem import OrchestratorError

# Prefect pauses the schedules on its way out, one request each.
_GRACE_SECONDS = 20.0


class Child(Process):
    """A module of this package; it answers one line of JSON as soon as it is ready.

    A process of its own: its working directory is the configuration's folder and its
    `generated` package is this configuration's, whatever the caller has.
    """

    def __init__(
        self,
        module: str,
        task: Mapping[str, Any],
        environment: Mapping[str, str],
        folder: Path,
        scratch: Path,
    ) -> None:
        # In a file: everybody on the machine could read arguments.
        file = scratch / "task.json"
        file.write_text(json.dumps(task), encoding="utf-8")
        super().__init__(
            module, str(file), environment=environment, folder=folder, stdout=PIPE
        )

    async def ready(self) -> None:
        """Return when it is; OrchestratorError if it will not be."""
        line = await asyncio.to_thread(self.output.readline)
        if not line:
            status = await self.ended()
            raise OrchestratorError(f"it ended with status {status} before it began")
        if refused := json.loads(line).get("refused"):
            raise OrchestratorError(refused)

    async def ended(self) -> int:
        """Its exit status, when it has one."""
        return await asyncio.to_thread(self.wait)

    def end(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        super().end(grace_seconds)
