"""The deployments of a project on the embedded server."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import yaml

from otac.deploy.api import Api, ApiError
from otac.deploy.apply import apply, remove
from otac.deploy.declaration import ProjectPlace, declare
from otac.deploy.plan import Action, compare
from otac.deploy.settings import Settings
from otac.deploy.state import read_state
from otac.diagnostics.diagnostic import Diagnostic, error
from otac.emit.layout import Output
from otac.local.home import Home
from otac.local.process import Process
from otac.lower.project import Project
from otac.plain_file import read_file
from otac.source.document import Json

# What a deployment does on the way to another machine.
_TRAVEL = ("build", "push", "pull")


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the server has now, as its API describes it, and how many were made, changed or
    removed for that."""

    deployments: tuple[dict[str, Any], ...]
    done: Mapping[Action, int]


class Deployments:
    """What an embedded server has of the project in `folder`, and nothing else.

    Images that are built and repositories that are cloned elsewhere do not matter here:
    what runs is what lies in the folder. Nor are automations made that tell people of runs:
    these are somebody's experiments.
    """

    def __init__(
        self, folder: Path, home: Home, api_url: str, environment: Mapping[str, str]
    ) -> None:
        self._folder = folder
        self._home = home
        self._settings = Settings(api_url, {}, proxies=False)
        self._environment = environment
        # Those of `prefect.yaml` that the user wrote himself, as they were deployed.
        self._others: list[dict[str, Any]] = []
        self._content: dict[str, Any] = {}

    def read(self) -> tuple[str, ...]:
        """Read `prefect.yaml`, which a build has written; the names of the pools in use."""
        text = read_file(self._folder / "prefect.yaml").decode("utf-8")
        # libyaml, where it is there: a save of hundreds of runners waits for this.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._content = yaml.load(text, Loader=loader)
        entries = self._content["deployments"]
        pools = (entry.get("work_pool") or {} for entry in entries)
        return tuple(dict.fromkeys(pool["name"] for pool in pools if "name" in pool))

    def deploy(
        self, project: Project, output: Output
    ) -> Deployed | tuple[Diagnostic, ...]:
        """Make the server have what was read and compiled, or say why it has not.

        The work pools must be there.
        """
        ours = {str(entry["name"]) for entry in output.deployments.deployments}
        entries = self._content["deployments"]
        others = [entry for entry in entries if entry.get("name") not in ours]
        try:
            with Api(self._settings) as api:
                done = self._reconcile(api, project, output)
                if not isinstance(done, Counter):
                    return done
                if others != self._others:
                    problem = self._deploy_others(others)
                    if problem is not None:
                        return (problem,)
                    self._others = others
                names = ours | {str(entry.get("name")) for entry in others}
                return self._without_others(api, names, done)
        except ApiError as refused:
            return (error("OTC513", f"the embedded Prefect server refused: {refused}"),)

    def _reconcile(
        self, api: Api, project: Project, output: Output
    ) -> Counter[Action] | tuple[Diagnostic, ...]:
        """The same as `otac deploy --prune --adopt`."""
        place = ProjectPlace(self._folder, pull=self._pull())
        declared = declare(project._replace(notifications=()), output, place, api)
        if isinstance(declared, tuple):
            return declared
        state = read_state(api, declared)
        plan = compare(declared, state)
        return Counter(one.action for one in apply(api, plan, state, prune=True))

    def _without_others(
        self, api: Api, names: set[str], done: Counter[Action]
    ) -> Deployed:
        """The server is this project's own: what nobody declares is a leftover."""
        kept: list[dict[str, Any]] = []
        for found in list(api.every("deployments", {})):
            if found["name"] in names:
                kept.append(found)
            else:
                remove(api, found)
                done[Action.ORPHANED] += 1
        return Deployed(tuple(kept), done)

    def _deploy_others(self, entries: list[dict[str, Any]]) -> Diagnostic | None:
        """Leave what the user wrote himself to Prefect: it may say anything."""
        if not entries:
            return None
        travelling = [
            {key: value for key, value in entry.items() if key not in _TRAVEL}
            for entry in entries
        ]
        file = self._home.path / "prefect.yaml"
        # JSON is YAML, and says the same in every version of it. `str`: for dates.
        name = self._content.get("name")
        content = {"name": name, "pull": self._pull(), "deployments": travelling}
        file.write_text(json.dumps(content, indent=2, default=str), encoding="utf-8")
        with Process(
            "prefect",
            *("--no-prompt", "deploy", "--all", "--prefect-file", str(file)),
            environment=self._environment,
            folder=self._folder.resolve(),
            stdout=PIPE,
            stderr=STDOUT,
        ) as process:
            output = process.output.read()
            if process.wait() == 0:
                return None
        log = self._home.path / "deploy.log"
        log.write_bytes(output)
        return _refused(output.decode(errors="replace"), log)

    def _pull(self) -> list[Json]:
        here: dict[str, Json] = {"directory": str(self._folder.resolve())}
        return [{"prefect.deployments.steps.set_working_directory": here}]


def _refused(output: str, log: Path) -> Diagnostic:
    # Prefect's own last line after a traceback says nothing.
    lines = [
        line.strip()
        for line in output.splitlines()
        if line.strip() not in ("", "An exception occurred.")
    ]
    return error(
        "OTC513",
        f"`prefect deploy --all` failed: {lines[-1] if lines else 'it says no more'}",
        help=f"`{log}` holds all it wrote",
    )
