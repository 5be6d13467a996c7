"""The schedules of a configuration, kept and recorded by Prefect."""

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path

from otac.diagnostics.diagnostic import Diagnostic
from otac.local.api import LocalApi
from otac.local.environment import embedded
from otac.local.home import prepare_home
from otac.local.job import Engine
from otac.local.ports import free_port
from otac.local.server import PrefectServer
from otac.orchestrator.blueprint import Blueprint
from otac.orchestrator.child import Child
from otac.orchestrator.lifecycle import Lifecycle, RunPlace
from otac.orchestrator.problem import OrchestratorError, told
from otac.output.exclusive import exclusive


class PrefectOrchestrator(Lifecycle):
    """Serves a deployment for each runner from this machine, as Prefect's `serve` does.

    With the Prefect API that this process is set up for (`PREFECT_API_URL`, a profile).
    Where none is set up, it starts one of the project's own, as `otac dev` does.
    """

    @property
    def api_url(self) -> str | None:
        """The API that it has been started with, e.g. `http://127.0.0.1:4200/api`."""
        return None if self._place is None else self._place.environment[_URL]

    async def _find_place(
        self, blueprint: Blueprint, stack: ExitStack, scheduling: bool
    ) -> RunPlace:
        return _given() or await _own(blueprint.folder, stack, scheduling)

    def _launch(self, blueprint: Blueprint, place: RunPlace, scratch: Path) -> Child:
        entries = [
            {key: value for key, value in entry.items() if key != "work_pool"}
            for entry in blueprint.output.deployments.deployments
        ]
        task = {"path": [str(scratch), str(blueprint.folder)], "deployments": entries}
        return Child(
            "otac.orchestrator.serving",
            task,
            place.environment,
            blueprint.folder,
            scratch,
        )


_URL = "PREFECT_API_URL"


def _given() -> RunPlace | None:
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.url is None:
        return None
    # Spelt out: a `prefect.toml` of this working directory is not seen from another one.
    stated = settings.to_environment_variables(exclude_unset=True)
    known = {name: value for name, value in stated.items() if value is not None}
    environment = {**os.environ, **known, _URL: settings.api.url}
    return RunPlace(environment, Engine.GIVEN)


async def _own(folder: Path, stack: ExitStack, scheduling: bool) -> RunPlace:
    home = prepare_home(folder)
    if isinstance(home, Diagnostic):
        raise OrchestratorError(told(home))
    address = home.announced()
    if address is not None:
        api = LocalApi(f"{address}/api")
        if await asyncio.to_thread(api.healthy):
            return RunPlace(embedded(home.path, api.url), Engine.EMBEDDED)
    log = home.log if scheduling else home.path / "run.log"
    output = stack.enter_context(log.open("wb"))
    # Two servers must not set up one database at the same time.
    with exclusive(home.path):
        # Not in a thread: a caller who is cancelled must find it in `stack`.
        server = stack.enter_context(
            PrefectServer(home, free_port(), output, services=scheduling)
        )
        problem = await asyncio.to_thread(server.wait_until_healthy, log)
    if problem is not None:
        raise OrchestratorError(told(problem))
    if scheduling:
        home.announce(server.url)
        stack.callback(home.withdraw)
    return RunPlace(server.environment, Engine.EMBEDDED)
