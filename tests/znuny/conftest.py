"""`make test-znuny`: a minute to build a Znuny, so only where asked for by name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from znuny_system import PASSWORD, USER, NotHere, Znuny, running

from otac.components import OTOBOZnunyTicketSystem, construct


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = (
        "znuny" in config.option.markexpr and "not znuny" not in config.option.markexpr
    )
    return None if asked else True


@pytest.fixture(scope="session")
def znuny() -> Iterator[Znuny]:
    """A real Znuny; the tests are skipped where there is none, and say why."""
    try:
        with running() as znuny:
            yield znuny
    except NotHere as reason:
        pytest.skip(str(reason))


@pytest.fixture
def connect(znuny: Znuny, tmp_path: Path) -> Callable[..., OTOBOZnunyTicketSystem]:
    """Makes a ticket system; each `machine` has claims of its own."""

    def make(machine: str = "a", **arguments: object) -> OTOBOZnunyTicketSystem:
        given = {
            "base_url": znuny.url,
            "username": USER,
            "password": PASSWORD,
            "claims_path": str(tmp_path / f"{machine}.db"),
            **arguments,
        }
        return construct(OTOBOZnunyTicketSystem, given)

    return make


@pytest.fixture
def helpdesk(
    connect: Callable[..., OTOBOZnunyTicketSystem],
) -> OTOBOZnunyTicketSystem:
    return connect()
