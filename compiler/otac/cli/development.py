"""What `otac dev` keeps running."""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from otac.cli.build import Built
from otac.cli.configuration import Configuration
from otac.cli.dev_tests import Tested
from otac.deploy.api import ApiError
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.diagnostics.report import Report
from otac.emit.layout import Output
from otac.local.deployments import Deployed, Deployments
from otac.local.home import Home
from otac.local.imports import ImportCheck
from otac.local.runs import Look, Runs
from otac.local.server import PrefectServer
from otac.local.worker import Worker
from otac.lower.project import Project

# A plan changes when something is deployed or has run; it is asked for now and then.
_PLAN_SECONDS = 3.0


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
        *,
        verbose: bool,
    ) -> None:
        """With `verbose`, server and workers write to standard error, not into the log."""
        self._configuration = configuration
        self._home = home
        self._stack = stack
        self._output = (
            sys.stderr.fileno() if verbose else stack.enter_context(home.log.open("wb"))
        )
        self._server = stack.enter_context(
            PrefectServer(home, port, self._output, services=True)
        )
        self._workers: dict[str, Worker] = {}
        environment = self._server.environment
        self._deployments = Deployments(
            configuration.output, home, self._server.api.url, environment
        )
        self._runs = Runs(self._server.api)
        self._planned = 0.0
        self._check: ImportCheck | None = None

    @property
    def url(self) -> str:
        """Where the user interface is."""
        return self._server.url

    def start(self, meanwhile: Callable[[], None]) -> Diagnostic | None:
        """Wait for the server, and tell other commands where it is."""
        problem = self._server.wait_until_healthy(self._home.log, meanwhile)
        if problem is None:
            self._home.announce(self._server.url)
            self._stack.callback(self._home.withdraw)
        return problem

    def deploy(
        self, project: Project, output: Output
    ) -> Deployed | tuple[Diagnostic, ...]:
        """Deploy what the last build wrote, and start the workers that it needs."""
        pools = self._deployments.read()
        try:
            for pool in pools:
                if pool not in self._workers:
                    self._server.api.ensure_work_pool(pool)
                    self._start_worker(pool)
        except ApiError as refused:
            return (error("OTC513", f"the embedded Prefect server refused: {refused}"),)
        deployed = self._deployments.deploy(project, output)
        if isinstance(deployed, Deployed):
            self._runs.follow(deployed.deployments)
            self._planned = 0.0
            self._start_check(output)
        return deployed

    def fault(self) -> Diagnostic | None:
        """Which process has ended by itself, if any has."""
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
        return None

    def look(self, *, closely: bool) -> Look | None:
        """What has happened to the runs; None where the server is too busy to tell.

        Closely: also how many tickets were handled, and what is planned.
        """
        try:
            look = self._runs.look(tickets=closely)
        except ApiError:
            # The next look sees these runs too.
            return None
        now = time.monotonic()
        if not closely or (now - self._planned < _PLAN_SECONDS and not look.ended):
            return look
        try:
            look = replace(look, due=self._runs.due())
        except ApiError:
            return look
        self._planned = now
        return look

    def import_problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the modules that were deployed; told once."""
        if self._check is None or (found := self._check.problems()) is None:
            return ()
        self._check = None
        return found

    def _start_worker(self, pool: str) -> None:
        environment = self._server.environment
        self._workers[pool] = self._stack.enter_context(
            Worker(pool, environment, self._home.path, self._output)
        )

    def _start_check(self, output: Output) -> None:
        if self._check is not None:
            # Of a version that is over.
            self._check.end()
        entries = output.deployments.deployments
        self._check = self._stack.enter_context(
            ImportCheck(
                [str(entry["entrypoint"]) for entry in entries],
                self._configuration.output,
                self._configuration.folder,
                self._home,
                self._server.environment,
            )
        )


# What `otac dev` tells somebody who looks on, whatever it is told on.
@dataclass(frozen=True, slots=True)
class DeployedProject:
    """What has been deployed, where, and how long it took from the save on."""

    project: Project
    deployed: Deployed
    url: str
    seconds: float


class Wrong(Enum):
    """What is wrong, and what that means for what runs."""

    BUILD = "The last good version is running."
    DEPLOY = "Not all of this is deployed:"
    IMPORT = "This is deployed, and its runs will fail:"


class Display(Protocol):
    """Something that shows what happens; `is_close` with all that is known of runs."""

    is_close: bool

    def built(self, built: Built) -> None:
        """A change was compiled and written."""

    def deployed(self, deployment: DeployedProject) -> None:
        """And deployed; what was wrong is over."""

    def wrong(self, what: Wrong, report: Report) -> None:
        """Something is wrong."""

    def tested(self, tested: Tested) -> None:
        """The tests were run; what the last ones came to is over."""

    def saw(self, look: Look) -> None:
        """Runs have ended, others go on."""

    def tick(self) -> None:
        """Time passes; called several times a second."""
