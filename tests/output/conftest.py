"""A folder to build in."""

from pathlib import Path

import pytest
from output_project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "helpdesk")
