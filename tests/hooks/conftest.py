"""A project as `otac init` makes one, built."""

from pathlib import Path

import pytest

from command import otac


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "helpdesk"
    assert otac("init", folder, cwd=tmp_path).status == 0
    assert otac("build", "config.yml", cwd=folder).status == 0
    return folder
