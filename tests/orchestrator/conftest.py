"""A project, and a Prefect server for it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from otac.local.home import Home
from otac.local.ports import free_port
from otac.local.server import PrefectServer

_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server as `prefect server start` makes one, for all tests."""
    home = tmp_path_factory.mktemp("home")
    with (home / "server.log").open("wb") as output:
        server = PrefectServer(Home(home), free_port(), output, services=True)
    with server:
        assert server.wait_until_healthy(home / "server.log") is None
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project beside this file; its folder is no place for modules of its name."""
    for name in ("config.yml", "acme.py"):
        shutil.copy(_HERE / "project" / name, tmp_path)
    return tmp_path


@pytest.fixture
def serverless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which every attempt to reach a server fails."""
    home = tmp_path_factory.mktemp("no home")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return {
        **kept,
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }
