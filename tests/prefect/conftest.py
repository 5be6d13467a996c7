"""What production does: a server, built and deployed projects, a worker."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from credentials import PASSWORD, TOKEN
from deployed import Deployed
from fleet_project import POOL, Fleet
from server_process import Server

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Prefect server whose environment has a credential, and its database another."""
    server = Server(tmp_path_factory.mktemp("home"), ACME_TOKEN=TOKEN)
    try:
        server.wait()
        code = (
            "from prefect.blocks.system import Secret\n"
            f"Secret(value={PASSWORD!r}).save('acme-password', _sync=True)\n"
        )
        server.run(server.home, "python", "-c", code)
        create = "work-pool", "create", "default", "--type", "process"
        server.run(server.home, "prefect", *create)
        server.post("work_pools/", name=POOL, type="process")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def guide(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The guide's configuration and its tickets, with a schedule that can be awaited."""
    folder = tmp_path_factory.mktemp("guide")
    config = (_ROOT / "config.yml").read_text(encoding="utf-8")
    assert "interval_seconds: 300" in config
    config = config.replace("interval_seconds: 300", "interval_seconds: 10")
    (folder / "config.yml").write_text(config, encoding="utf-8")
    shutil.copy(_ROOT / "helpdesk.yml", folder)
    return Deployed(server, folder)


@pytest.fixture(scope="session")
def project(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The project beside this file."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(_HERE / "project", folder, dirs_exist_ok=True)
    return Deployed(server, folder)


@pytest.fixture(scope="session")
def production(
    server: Server, guide: Deployed, project: Deployed
) -> Iterator[dict[str, str]]:
    """A worker that does one run of each runner that nothing else starts, by runner."""
    worker = server.start(
        server.home, "prefect", "worker", "start", "--pool", "default", "--limit", "3"
    )
    try:
        yield {name: server.run_now(name) for name in project.runners - {"follows"}}
    finally:
        worker.end()


@pytest.fixture
def fleet(server: Server, tmp_path: Path) -> Iterator[Fleet]:
    """The project in the folder `fleet`, of which nothing is deployed yet."""
    fleet = Fleet.copied(server, tmp_path)
    fleet.clear()
    yield fleet
    fleet.clear()
