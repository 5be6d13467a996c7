"""`make test-fleet`: ten minutes, PostgreSQL and Redis, so only where asked for by name."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tickets import Tickets
from topology import POOL, Fleet

from stores import NotHere

_HERE = Path(__file__).parent
_MEASURED = pytest.StashKey[list[str]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = (
        "fleet" in config.option.markexpr and "not fleet" not in config.option.markexpr
    )
    return None if asked else True


@pytest.fixture(scope="session")
def fleet(
    request: pytest.FixtureRequest, measured: Callable[[str], None]
) -> Iterator[Fleet]:
    """Everything but the workers; skipped where it cannot be, with the reason."""
    # Not pytest's folder: PostgreSQL's user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="otac-fleet-"))
    folder.chmod(0o755)
    try:
        fleet = Fleet(folder)
    except NotHere as reason:
        folder.rmdir()
        pytest.skip(str(reason))
    try:
        fleet.begin()
        yield fleet
    finally:
        fleet.end()
        if request.session.testsfailed:
            measured(f"logs: {folder}")
        else:
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def tickets(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Tickets:
    """The store of the deployed project."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(_HERE / "project", folder, dirs_exist_ok=True)
    fleet.post("work_pools/", name=POOL, type="process")
    fleet.otac(folder, "build", "config.yml")
    fleet.otac(folder, "deploy", "config.yml", "--yes")
    # Fails where anything is not in step.
    fleet.otac(folder, "plan", "config.yml")
    _hasten(fleet)
    return Tickets(folder / "helpdesk.db")


def _hasten(fleet: Fleet) -> None:
    """The fifteen minutes that a run may take to start are too many for a test."""
    name = "fleet-of-two: runs that do not start"
    (found,) = fleet.post("automations/filter", automations={"name": {"any_": [name]}})
    assert found["trigger"]["within"] == 900
    body = {key: found[key] for key in ("name", "description", "enabled", "actions")}
    trigger = {**found["trigger"], "within": 120}
    fleet.put(f"automations/{found['id']}", **body, trigger=trigger)


@pytest.fixture(scope="session")
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line that the terminal shows at the end."""
    lines = request.config.stash.setdefault(_MEASURED, [])
    return lines.append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if lines := config.stash.get(_MEASURED, []):
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)
