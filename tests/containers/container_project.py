"""Projects that are built for containers by the commands a user types."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from command import Finished, otac

BIN = Path(sys.executable).parent

# Two pools, one of them with a name that means something to shells, compose and YAML;
# variables with and without a default; a limit; a component of the user's; a resident one.
CONFIG = """\
prefect:
  name: "Help Desk: 24x7"
services:
  helpdesk:
    use: OTOBOZnunyTicketSystem
    base_url: "{{ get_env('HELPDESK_URL', default='https://helpdesk.example/') }}"
    username: agent
    password: "{{ env.HELPDESK_PASSWORD }}"
    queues: {Billing: invoices, IT: computers}
orchestrator:
  runners:
    - pipe_id: tickets
      interval_seconds: 300
      concurrency_limit: 3
      pipe: {use: ProcessTickets, queue: Incoming}
    - pipe_id: fast
      interval_seconds: 0.5
      work_pool: "$(HELPDESK_PASSWORD) ${HOME}: \\"gpu\\""
      pipe: {use: ProcessTickets, queue: Fast}
    - pipe_id: own
      interval_seconds: 600
      work_pool: default
      pipe: {use: "acme:triage", word: "{{ env.ACME_WORD }}"}
"""
ODD_POOL = '$(HELPDESK_PASSWORD) ${HOME}: "gpu"'
COMPONENT = "async def triage(word: str) -> str:\n    return word\n"
# Whatever compose asks for.
VALUES = {
    "ACME_WORD": "w",
    "HELPDESK_PASSWORD": "p$$HOME'\"",
    "POSTGRES_PASSWORD": "p@ss/w:%rd$x",
}


@dataclass(frozen=True)
class Project:
    """A folder with a configuration and the modules that it names."""

    folder: Path
    config: str = "config.yml"

    def write(self, config: str = CONFIG) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / self.config
        file.parent.mkdir(exist_ok=True)
        file.write_text(config, encoding="utf-8")
        (file.parent / "acme.py").write_text(COMPONENT, encoding="utf-8")

    def build(self, *arguments: str) -> Finished:
        return otac("build", self.config, *arguments, cwd=self.folder)

    def files(self) -> dict[str, bytes]:
        """Everything there is but for the configuration and the modules."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name not in {"config.yml", "acme.py"}
        }

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def manifests(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The objects of the cluster by kind and name."""
        listed = yaml.safe_load(self.read("kubernetes/kustomization.yaml"))
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for file in listed["resources"]:
            for one in yaml.safe_load_all(self.read(f"kubernetes/{file}")):
                key = one["kind"], one["metadata"]["name"]
                assert key not in found
                found[key] = one
        return found


def compose(
    folder: Path, file: str = "compose.yml", **environment: str
) -> subprocess.CompletedProcess[str]:
    """`docker compose config`: what the real program makes of the file."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [BIN / "docker-compose", "-f", file, "config", "--format", "json"],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def services(folder: Path, file: str = "compose.yml") -> dict[str, Any]:
    """The services with all variables filled in."""
    done = compose(folder, file, **VALUES)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


def ignored(patterns: str, path: str) -> bool:
    """Whether Docker leaves a file out of the context, by the last pattern that fits."""
    found = False
    for line in patterns.splitlines():
        if not line or line.startswith("#"):
            continue
        wanted = line.removeprefix("!")
        # All patterns of otac's are for a name at any depth.
        depth, _, name = wanted.partition("/")
        assert (depth, name.count("/")) == ("**", 0), line
        if any(fnmatchcase(part, name) for part in path.split("/")):
            found = not line.startswith("!")
    return found
