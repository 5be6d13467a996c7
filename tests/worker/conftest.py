"""A server, flows and a worker that starts them warm."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The server is the one of the tests beside these.
sys.path.append(str(Path(__file__).parents[1] / "prefect"))

from server_process import Server
from worker_project import Project, Worker


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("home"))
    try:
        server.wait()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def project(
    request: pytest.FixtureRequest,
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """Flows in a pool of this module's own."""
    pool = request.module.__name__.rpartition(".")[2]
    return Project.made(server, tmp_path_factory.mktemp("flows"), pool)


@pytest.fixture(scope="module")
def worker(project: Project) -> Iterator[Worker]:
    worker = project.worker()
    try:
        yield worker
    finally:
        worker.end()
