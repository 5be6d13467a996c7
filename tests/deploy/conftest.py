"""A built project and servers that go wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_in import Answer, Serve, StandIn

from command import SOUND, otac


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts stand-ins and ends them."""
    started: list[StandIn] = []

    def serve(answer: Answer | None = None, version: str = "3.9.1") -> StandIn:
        started.append(StandIn(answer, version))
        return started[-1]

    yield serve
    for one in started:
        one.close()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project of one runner, `triage`, built."""
    (tmp_path / "config.yml").write_text(SOUND, "utf-8")
    assert otac("build", "-q", "config.yml", cwd=tmp_path).status == 0
    return tmp_path
