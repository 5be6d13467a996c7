"""Projects with an embedded Prefect, made once: its first start takes the longest."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from development import Development, copy_project

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide's example, and nothing that runs."""
    folder = tmp_path_factory.mktemp("guide")
    for name in ("config.yml", "helpdesk.yml"):
        shutil.copy(_ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def developments() -> Iterator[list[Development]]:
    """Every `otac dev` that was started for the tests of a module; ended with them."""
    started: list[Development] = []
    yield started
    for dev in started:
        dev.end()


@pytest.fixture
def dev(
    developments: list[Development], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Development]:
    """An `otac dev` that has deployed the project beside this file.

    Tests share it: each leaves the project as it was, or ends it, and the next one gets
    another.
    """
    if not developments or developments[-1].has_ended:
        folder = tmp_path_factory.mktemp("dev project")
        copy_project(folder)
        developments.append(Development(folder))
    dev = developments[-1]
    # With the empty line below it, which is written a moment later.
    dev.wait_for("Ctrl-C ends all of it.\n\n")
    yield dev
    if not dev.has_ended:
        for name in ("attempts", "asleep"):
            (dev.folder / name).unlink(missing_ok=True)
