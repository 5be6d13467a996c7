"""Generated modules can be run as files, from wherever."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command import otac

pytestmark = pytest.mark.slow

CONFIG = """\
services:
  helpdesk: {use: SqliteTicketSystem, path: h.db}
orchestrator:
  runners:
    - {pipe_id: escalate, interval_seconds: 60, pipe: {use: CheckEscalations}}
    - {pipe_id: mine, cron: "0 6 * * *", pipe: {use: "acme.pipes:hello"}}
    - {pipe_id: often, interval_seconds: 1, pipe: {use: ProcessTickets, queue: Raw}}
"""
# In place of a server: what would be served, and where modules were found.
SITE = """\
import prefect


def serve(flow, name, **options):
    import generated.services

    print("served", name, "of", generated.services.__file__)


prefect.Flow.serve = serve
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts") / "project"
    acme = folder / "acme"
    acme.mkdir(parents=True)
    (acme / "__init__.py").touch()
    (acme / "pipes.py").write_text("def hello() -> str:\n    return 'hello'\n")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    site = folder.parent / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    built = otac("build", "config.yml", cwd=folder)
    assert built.status == 0, built.err
    return folder


def run(project: Path, *arguments: str, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(project.parent / "site")}
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("name", ["escalate", "mine", "often"])
def test_as_a_file(name: str, project: Path) -> None:
    served = f"served {name} of {project / 'generated' / 'services.py'}\n"
    file = f"generated/flows/{name}.py"
    assert run(project, file, cwd=project) == served
    assert run(project, "-m", f"generated.flows.{name}", cwd=project) == served
    assert run(project, str(project / file), cwd=project.parent) == served
