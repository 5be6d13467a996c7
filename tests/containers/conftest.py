"""A project that was built for both targets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from container_project import Project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """For looking at; nobody changes it."""
    project = Project(tmp_path_factory.mktemp("built"))
    project.write()
    done = project.build("--docker", "--kubernetes")
    assert done.status == 0, done.err
    return project


@pytest.fixture
def new(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project of one's own."""

    def make(name: str = "project", config: str = "config.yml") -> Project:
        project = Project(tmp_path / name, config)
        project.write()
        return project

    return make
