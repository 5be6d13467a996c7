"""What `otac dev` keeps running."""

import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from otac.cli.configuration import Configuration
from otac.cli.outcome import painted_state
from otac.cli.terminal import Printing, say
from otac.diagnostics.cells import visible
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.emit.schedule import in_time
from otac.local.api import ApiError
from otac.local.deployments import Deployments
from otac.local.home import Home
from otac.local.server import Server
from otac.local.worker import Worker
from otac.lower.project import Project, Runner


class Development:
    """A server with the project's deployments, and a worker for each work pool.

    Enters everything it starts into `stack`.
    """

    def __init__(
        self,
        configuration: Configuration,
        home: Home,
        port: int,
        stack: ExitStack,
        printing: Printing,
    ) -> None:
        self._configuration = configuration
        self._home = home
        self._stack = stack
        self._printing = printing
        self._output = (
            sys.stderr.fileno()
            if printing.verbose
            else stack.enter_context(home.log.open("wb"))
        )
        self._server = stack.enter_context(
            Server(home, port, self._output, services=True)
        )
        self._workers: dict[str, Worker] = {}
        self._names: dict[str, str] = {}
        self._seen = _now()
        self._shown: set[str] = set()

    def start(self) -> Diagnostic | None:
        """Wait for the server, and tell other commands where it is."""
        problem = self._server.wait_until_healthy(self._home.log)
        if problem is None:
            self._home.announce(self._server.url)
            self._stack.callback(self._home.withdraw)
        return problem

    def deploy(self) -> Diagnostic | None:
        """Deploy what the last build wrote, and start the workers that it needs."""
        deployments = Deployments(self._configuration.output)
        environment = self._server.environment
        try:
            for pool in deployments.work_pools:
                if pool not in self._workers:
                    self._server.api.ensure_work_pool(pool)
                    self._workers[pool] = self._stack.enter_context(
                        Worker(pool, environment, self._home.path, self._output)
                    )
            problem = deployments.deploy(self._home, environment, self._server.api)
            found = self._server.api.list_deployments()
        except ApiError as refused:
            return error("OTC513", f"the embedded Prefect server refused: {refused}")
        self._names = {one["id"]: one["name"] for one in found}
        return problem

    def introduce(self, project: Project) -> None:
        """Say where everything is and what will run when."""
        width = max(len(visible(runner.id)) for runner in project.runners)
        lines = [f"Prefect is at {self._server.url}", ""]
        lines += (
            f"  {visible(runner.id):{width}}  {_moments(runner)}"
            for runner in project.runners
        )
        first = project.runners[0].id
        source = visible(self._configuration.name)
        lines += [
            "",
            f"Run one now: otac run {source} {visible(first)}",
            f"Edit {source}, and it is deployed anew. Ctrl-C ends all of it.",
            "",
        ]
        for line in lines:
            say(line, self._printing)

    def look(self) -> Diagnostic | None:
        """Print the runs that have ended since; say so if a process is gone."""
        for process, name in (
            (self._server, "server"),
            *((worker, f"worker for `{p}`") for p, worker in self._workers.items()),
        ):
            if process.status is not None:
                return error(
                    "OTC514",
                    f"the embedded Prefect {name} ended with status {process.status}",
                    help=f"`{self._home.log}` holds what it wrote",
                )
        try:
            runs = self._server.api.list_ended_runs(self._seen)
        except ApiError:
            # It is busy; the next look sees these runs too.
            return None
        # Those of the last instant come again.
        before, self._shown = self._shown, {run["id"] for run in runs}
        for run in runs:
            if run["id"] in before:
                continue
            self._seen = str(run["end_time"])
            deployment = self._names.get(run["deployment_id"])
            # Those of `otac run` have none, and are shown there.
            if deployment is not None:
                say(self._line(deployment, run), self._printing)
        return None

    def _line(self, name: str, run: dict[str, Any]) -> str:
        state = run["state"]
        said = visible(state["message"] or "")
        message = f": {said}" if said and state["name"] != "Completed" else ""
        color = self._printing.colored(sys.stderr)
        shown = painted_state(state["name"], color=color)
        clock = time.strftime("%H:%M:%S")
        seconds = f" after {run['total_run_time']:.1f} s" if run["start_time"] else ""
        return f"{clock}  {visible(name)}  {shown}{seconds}{message}"


def _moments(runner: Runner) -> str:
    """`every 5 minutes`, as the generated module has it."""
    moments = in_time(runner)
    if runner.after:
        moments.append(f"after {' and '.join(f'`{name}`' for name in runner.after)}")
    return ", ".join(moments) or "started by hand"


def _now() -> str:
    return datetime.now(UTC).isoformat()
