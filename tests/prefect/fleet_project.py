"""A project of its own, deployed by `otac deploy` onto the server of these tests."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server_process import Server

from command import OTAC, Finished

_HERE = Path(__file__).parent
POOL = "fleet"
TOKEN = "t0ken-4713-of-a-fleet"
KEY = "k3y-4714-of-a-fleet"


@dataclass(frozen=True)
class Fleet:
    """The folder `fleet`, copied."""

    server: Server
    folder: Path

    @classmethod
    def copied(cls, server: Server, folder: Path) -> "Fleet":
        """In an empty folder, and built."""
        shutil.copytree(_HERE / "fleet", folder, dirs_exist_ok=True)
        fleet = cls(server, folder)
        fleet.build()
        return fleet

    def build(self) -> None:
        self.server.run(self.folder, "otac", "build", "config.yml")

    def edit(self, old: str, new: str) -> None:
        """Change the configuration in one place and build."""
        config = self.folder / "config.yml"
        text = config.read_text("utf-8")
        assert text.count(old) == 1, old
        config.write_text(text.replace(old, new), "utf-8")
        self.build()

    def otac(self, *arguments: str, **environment: str) -> Finished:
        """A command, however it ends."""
        done = subprocess.run(
            [OTAC, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    @property
    def environment(self) -> dict[str, str]:
        """What a trigger asks for is there."""
        return {**self.server.environment, "FLEET_KEY": KEY}

    def deploy(self, *options: str) -> Finished:
        """`otac deploy --yes`, which must succeed."""
        done = self.otac("deploy", "config.yml", "--yes", *options)
        assert done.status == 0, done.err
        return done

    def plan(self) -> dict[str, dict[str, Any]]:
        """What is not in step, by name."""
        done = self.otac("plan", "config.yml", "--format", "json")
        content = json.loads(done.out)
        assert isinstance(content, dict), content
        pending = {
            one["name"]: one for one in content["changes"] if one["action"] != "in-step"
        }
        assert done.status == (2 if pending else 0)
        return pending

    def prefect_deploy(self) -> None:
        """`prefect deploy --all`."""
        subprocess.run(
            [Path(OTAC).with_name("prefect"), "deploy", "--all"],
            cwd=self.folder,
            env=self.environment,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )

    def deployments(self) -> dict[str, dict[str, Any]]:
        """Those of this project, as the server has them."""
        return {
            one["name"]: one
            for one in self.server.post("deployments/filter")
            if one["name"].startswith("fleet")
        }

    def automations(self) -> list[dict[str, Any]]:
        """Those that start one of its deployments, and its notifications."""
        ids = {one["id"]: name for name, one in self.deployments().items()}
        found = []
        for one in self.server.post("automations/filter"):
            started = [action.get("deployment_id") for action in one["actions"]]
            tells = one["actions"][0]["type"] == "send-notification"
            if started[0] in ids or (tells and _is_ours(one)):
                found.append({**one, "starts": ids.get(started[0])})
        return found

    def watching(self) -> list[dict[str, Any]]:
        """The automations that keep the states of its runs true."""
        return [
            one
            for one in self.server.post("automations/filter")
            if one["actions"][0]["type"] == "change-flow-run-state" and _is_ours(one)
        ]

    def clear(self) -> None:
        """Take everything off the server but blocks."""
        for one in (*self.automations(), *self.watching()):
            self.server.delete(f"automations/{one['id']}")
        for one in self.deployments().values():
            self.server.delete(f"deployments/{one['id']}")
            self.server.delete(f"flows/{one['flow_id']}")


def _is_ours(automation: dict[str, Any]) -> bool:
    return bool(automation["name"].startswith("fleet: "))


def lasting(value: Any) -> Any:
    """A thing without its ids and times, and with sets in order."""
    match value:
        case dict():
            return {
                key: sorted(item)
                if key in ("expect", "after", "for_each")
                else lasting(item)
                for key, item in value.items()
                if key not in _PASSING and not key.startswith("otac.")
            }
        case list():
            items = [lasting(item) for item in value]
            return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
        case str() if value.startswith("deployment:"):
            # The name of a limit holds the deployment's id.
            return "deployment"
        case str():
            # Newer servers begin such a rule at a moment close to the present.
            return re.sub(r"^DTSTART:\d{8}T\d{6}\n(?=FREQ=MINUTELY)", "", value)
        case _:
            return value


_PASSING = {
    "id",
    "created",
    "updated",
    "last_polled",
    "status",
    "deployment_id",
    "concurrency_limit_id",
    "flow_id",
    "prefect.flow.id",
}
