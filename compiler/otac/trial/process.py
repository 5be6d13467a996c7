"""A process in which runners are tried."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory
from typing import Any

from otac.local.process import Process
from otac.trial.plan import TrialPlan


class TrialProcess(Process):
    """A module of this room; it writes its answers to standard output, as JSON.

    Its only argument is a file that has the task: what `more` holds, the plan, and where
    things are. `generated` is the folder that holds the package of that name, `folder` the
    configuration's. Prefect's API is asked for blocks and variables that services are made
    with, and for nothing else.
    """

    def __init__(
        self,
        module: str,
        plan: TrialPlan,
        more: Mapping[str, Any],
        generated: Path,
        folder: Path,
        *,
        verbose: bool,
    ) -> None:
        # Not as an argument: everybody on the machine could read it.
        self._folder = TemporaryDirectory(prefix="otac-")
        task = Path(self._folder.name) / "task.json"
        content = {
            **more,
            "generated": str(generated.resolve()),
            "user": str(folder.resolve()),
            "plan": asdict(plan),
            "verbose": verbose,
        }
        task.write_text(json.dumps(content), encoding="utf-8")
        environment = {
            **os.environ,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
        }
        super().__init__(
            module,
            str(task),
            environment=environment,
            folder=folder,
            stdout=PIPE,
            stderr=None if verbose else DEVNULL,
        )

    def end(self, grace_seconds: float = 5.0) -> None:
        super().end(grace_seconds)
        self._folder.cleanup()
