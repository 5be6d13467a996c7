"""Flows, deployed on a server; workers, and what can be seen of a run on its machine."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from server_process import Server

from background import Background, until

_FLOWS = Path(__file__).parent / "flows" / "flows.py"
WARM = {"command": "otac-engine"}
ENGINE = Path(sys.executable).with_name("otac-engine")


@dataclass(frozen=True)
class Project:
    """A folder with `flows.py`, and deployments of its flows that are to start warm."""

    server: Server
    folder: Path
    pool: str

    @classmethod
    def made(cls, server: Server, folder: Path, pool: str) -> "Project":
        shutil.copy(_FLOWS, folder)
        server.post("work_pools/", name=pool, type="process")
        return cls(server, folder, pool)

    def deploy(self, name: str, flow: str | None = None, **variables: Any) -> None:
        """A flow of `flows.py`, the one of this name by default, as a deployment."""
        known = self.server.post("flows/", name=name)["id"]
        self.server.post(
            "deployments/",
            name=name,
            flow_id=known,
            work_pool_name=self.pool,
            entrypoint=f"flows.py:{flow or name}",
            pull_steps=[
                {
                    "prefect.deployments.steps.set_working_directory": {
                        "directory": str(self.folder)
                    }
                }
            ],
            job_variables={**WARM, **variables},
            enforce_parameter_schema=False,
        )

    def noted(self, run: str, name: str) -> dict[str, Any]:
        """What the flow has noted, as soon as it has."""
        file = self.folder / f"{name}.jsonl"

        def look() -> dict[str, Any] | None:
            lines = file.read_text().splitlines() if file.exists() else []
            found = [one for one in map(json.loads, lines) if one["run"] == run]
            return found[-1] if found else None

        return until(f"a note of {run}", look)

    def state(self, run: str) -> str:
        found: dict[str, Any] = self.server.get(f"flow_runs/{run}")
        return str(found["state_name"])

    def logs(self, run: str) -> list[str]:
        wanted = {"flow_run_id": {"any_": [run]}}
        found = self.server.post("logs/filter", logs=wanted, sort="TIMESTAMP_ASC")
        return [one["message"] for one in found]

    def worker(self, *options: str, **environment: str) -> "Worker":
        """`otac worker start`, once it starts runs warm."""
        log = self.server.home / f"{uuid4()}.log"
        program = str(ENGINE.with_name("otac"))
        command = program, "worker", "start", "--pool", self.pool, *options
        surroundings = self.server.environment | environment
        process = Background([*command], self.server.home, log, surroundings)
        worker = Worker(process, log)
        worker.says("started!")
        if "--cold" not in options:
            worker.says("runs start warm")
        return worker


def is_warm(noted: dict[str, Any]) -> bool:
    """Whether the process was forked from a template."""
    return bool(noted["parent"] == "otac-template")


@dataclass(frozen=True)
class Worker:
    process: Background
    log: Path
    engine = ENGINE

    def says(self, what: str, times: int = 1) -> None:
        """Returns once its log holds it."""

        def look() -> bool | None:
            assert self.process.status is None, self.log.read_text()[-3000:]
            return self.log.read_text(errors="replace").count(what) >= times or None

        until(f"the worker to say {what!r}", look)

    def end(self) -> None:
        self.process.end()
