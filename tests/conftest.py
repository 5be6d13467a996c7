"""Shared by all tests: `case.py` beside this file can be imported, time is no verdict."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from stores import NotHere, Postgres, find_postgres

# A busy machine is no defect. Speed is measured in benchmarks/. The same commit has the same
# answer each time: new inputs are looked for with OTAC_SEARCH=1.
settings.register_profile(
    "patient", deadline=None, derandomize="OTAC_SEARCH" not in os.environ
)
settings.load_profile("patient")

# A shell that has put the tests into the background has told them, and all that they start,
# to take no notice of Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# They come first: whatever is begun last decides when all is over.
_LONGEST = (
    "test_resident.py",
    "test_lost_runs.py",
    "test_local_dev_table.py",
    "test_otac_deploy.py",
    "test_guide.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Prefect API of this session's own; results are stored in the folder."""
    os.environ.update(DO_NOT_TRACK="1", PREFECT_SERVER_ANALYTICS_ENABLED="false")
    from prefect.settings import (
        PREFECT_HOME,
        PREFECT_LOCAL_STORAGE_PATH,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    home = tmp_path_factory.mktemp("prefect")
    storage = home / "storage"
    with (
        temporary_settings({PREFECT_HOME: home, PREFECT_LOCAL_STORAGE_PATH: storage}),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield storage


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Skipped where there is none, with the reason."""
    try:
        programs = find_postgres()
    except NotHere as reason:
        pytest.skip(str(reason))
    # Not pytest's folder: PostgreSQL's user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="otac-claims-"))
    folder.chmod(0o755)
    server = Postgres(programs, folder / "postgres")
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)
