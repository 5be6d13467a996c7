"""Projects with an embedded Prefect, made once: its first start takes the longest."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from development import Development

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide's example, and nothing that runs."""
    folder = tmp_path_factory.mktemp("guide")
    for name in ("config.yml", "helpdesk.yml"):
        shutil.copy(_ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Development]:
    """The project beside this file with an `otac dev` that has deployed it."""
    folder = tmp_path_factory.mktemp("dev project")
    for name in ("config.yml", "acme.py"):
        shutil.copy(_HERE / name, folder)
    dev = Development(folder)
    try:
        dev.wait_for("Ctrl-C ends all of it.")
        yield dev
    finally:
        dev.end()
