"""The deployments of a project on the embedded server."""

import json
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import yaml

from otac.diagnostics.diagnostic import Diagnostic, error
from otac.local.api import Api
from otac.local.home import Home
from otac.local.process import Process

# What a deployment does on the way to another machine.
_TRAVEL = ("build", "push", "pull")


class Deployments:
    """What stands in a project's `prefect.yaml`, to be run from the project's own folder.

    Images that are built and repositories that are cloned elsewhere do not matter here:
    what runs is what lies in the folder.
    """

    def __init__(self, folder: Path) -> None:
        """Reads `folder`'s `prefect.yaml`, which a build has written."""
        self._folder = folder.resolve()
        text = (folder / "prefect.yaml").read_text(encoding="utf-8")
        self._content: dict[str, Any] = yaml.safe_load(text)
        self._entries: list[dict[str, Any]] = self._content["deployments"]

    @property
    def work_pools(self) -> tuple[str, ...]:
        """The names of the pools in use."""
        pools = (entry.get("work_pool") or {} for entry in self._entries)
        return tuple(dict.fromkeys(pool["name"] for pool in pools if "name" in pool))

    def deploy(
        self, home: Home, environment: Mapping[str, str], api: Api
    ) -> Diagnostic | None:
        """Make the server have these deployments and no others; or say why it has not.

        The work pools must be there.
        """
        file = home.path / "prefect.yaml"
        # JSON is YAML, and says the same in every version of it. `str`: for dates.
        content = json.dumps(self._local(), indent=2, default=str)
        file.write_text(content, encoding="utf-8")
        with Process(
            "prefect",
            *("--no-prompt", "deploy", "--all", "--prefect-file", str(file)),
            environment=environment,
            folder=self._folder,
            stdout=PIPE,
            stderr=STDOUT,
        ) as process:
            output = process.output.read()
            if process.wait() != 0:
                log = home.path / "deploy.log"
                log.write_bytes(output)
                return _refused(output.decode(errors="replace"), log)
        self._remove_others(api)
        return None

    def _local(self) -> dict[str, Any]:
        here = {"directory": str(self._folder)}
        pull = [{"prefect.deployments.steps.set_working_directory": here}]
        entries = [
            {key: value for key, value in entry.items() if key not in _TRAVEL}
            for entry in self._entries
        ]
        return {"name": self._content.get("name"), "pull": pull, "deployments": entries}

    def _remove_others(self, api: Api) -> None:
        """Remove deployments and schedules that `prefect deploy` leaves behind."""
        entries = {entry["name"]: entry for entry in self._entries}
        for found in api.list_deployments():
            path = f"/deployments/{found['id']}"
            if found["name"] not in entries:
                api.delete(path)
            elif not entries[found["name"]].get("schedules"):
                for schedule in found["schedules"]:
                    api.delete(f"{path}/schedules/{schedule['id']}")


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
